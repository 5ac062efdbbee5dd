import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildWorkflowBundle } from '../../src/temporal/bundle.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** File of the workflow bundle, made once for all test files. */
    workflowBundle: string;
  }
}

/** Bundles the workflow code once for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-test-'));
  const codePath = join(folder, 'workflow-bundle.js');
  await writeFile(codePath, await buildWorkflowBundle());
  project.provide('workflowBundle', codePath);
  return () => rm(folder, { recursive: true, force: true });
}
