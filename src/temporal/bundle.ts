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
/** So a source map is of no use, and the real one is two thirds of what a worker reads when it starts. The SDK insists on one. */
const MAP_COMMENT = '//# sourceMappingURL=data:application/json;';
const EMPTY_MAP = { version: 3, file: 'workflows.js', sources: [], names: [], mappings: '' };
const NO_MAP = `${MAP_COMMENT}base64,${Buffer.from(JSON.stringify(EMPTY_MAP)).toString('base64')}`;

/**
 * Loaded once for all calls of a worker and not for each call anew, which for the regular expressions alone takes 1.3 ms and
 * 87 KiB. So no module of workflow code may keep anything; the linter sees to it.
 */
const SHARED_BY_CALLS = [workflowsPath];

/** Bundles the workflow code: its source text. Takes about a second. */
export async function buildWorkflowBundle(kind: BundleKind): Promise<string> {
  const silent = () => undefined;
  const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    preloadModules: SHARED_BY_CALLS,
    logger,
    ...(kind === 'hidingFailures' && { failureConverterPath: FAILURE_CONVERTER }),
  });
  return NO_STACKS + code.slice(0, code.lastIndexOf(MAP_COMMENT)) + NO_MAP;
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
