/**
 * The workflow code, bundled for Temporal's sandbox.
 * @module
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';

const prebuilt = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const workflowsPath = fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url));

/** Bundles the workflow code: its source text. Takes about a second. */
export async function buildWorkflowBundle(): Promise<string> {
  const silent = () => undefined;
  const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };
  const { code } = await bundleWorkflowCode({ workflowsPath, logger });
  return code;
}

/** The bundle that the build left beside the compiled code, else one made now. */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  return existsSync(prebuilt) ? { codePath: prebuilt } : { code: await buildWorkflowBundle() };
}
