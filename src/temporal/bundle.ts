/**
 * The workflow code, bundled for Temporal's sandbox.
 * @module
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { FAILURE_CONVERTER } from './codec/data-converter.js';

/** The files that the build leaves beside the compiled code. */
export const BUNDLES = { plain: 'workflow-bundle.js', hidingFailures: 'workflow-bundle-hiding-failures.js' } as const;
/** Which of them: the other one moves the messages of failures to where a codec reaches them. */
export type BundleKind = keyof typeof BUNDLES;

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const workflowsPath = fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url));

/**
 * The SDK notes a stack for every promise of a workflow, which makes up half the cost of a task; where a call stands, its
 * query `progress` tells. It has to stand before the bundle: the SDK freezes `Error` once that is loaded.
 */
const NO_STACKS = 'Error.stackTraceLimit = 0;';

/** Bundles the workflow code: its source text. Takes about a second. */
export async function buildWorkflowBundle(kind: BundleKind): Promise<string> {
  const silent = () => undefined;
  const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    logger,
    ...(kind === 'hidingFailures' && { failureConverterPath: FAILURE_CONVERTER }),
  });
  return NO_STACKS + code;
}

/**
 * The bundle that the build left beside the compiled code, else one made now.
 * @param dataConverter that of the worker, which its bundle must match
 */
export async function workflowBundle(dataConverter: DataConverter): Promise<WorkflowBundleOption> {
  const kind = dataConverter.failureConverterPath === undefined ? 'plain' : 'hidingFailures';
  const codePath = fileURLToPath(new URL(`../${BUNDLES[kind]}`, import.meta.url));
  return existsSync(codePath) ? { codePath } : { code: await buildWorkflowBundle(kind) };
}
