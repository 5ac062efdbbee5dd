import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { builtStamp, sourceStamp } from '../../scripts/stamp.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** File of the workflow bundle, made once for all test files. */
    workflowBundle: string;
  }
}

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Builds when the sources have changed: processes under test run from `dist/`, and so does the workflow bundle. */
export default function setup(project: TestProject): void {
  if (builtStamp() !== sourceStamp()) {
    const { status } = spawnSync(process.execPath, [at('scripts/build.mjs')], { stdio: 'inherit' });
    if (status !== 0) throw new Error('The build failed: see above.');
  }
  project.provide('workflowBundle', at('dist/workflow-bundle.js'));
}
