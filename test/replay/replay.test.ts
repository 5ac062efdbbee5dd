import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { BUNDLES } from '../../src/temporal/bundle.js';
import { callSinks } from '../../src/temporal/call-sinks.js';
import '../support/runtime.js';

const folder = fileURLToPath(new URL('histories/', import.meta.url));
const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
const read = async (file: string) =>
  JSON.parse(await readFile(`${folder}${file}`, 'utf8')) as { events: Record<string, unknown>[] };
/** Ids of children and keys of requests come from the workflow's id, which the history's first event has. */
const recordOf = (history: { events: Record<string, unknown>[] }) => {
  const start = history.events[0]?.workflowExecutionStartedEventAttributes as { workflowId?: string };
  // The oldest histories were written by a server that did not note it, and nothing in them is named by it.
  return { workflowId: start.workflowId ?? 'call', history };
};
const optionsFor = (codePath: string) => ({ workflowBundle: { codePath }, sinks: callSinks(undefined) });
const replay = (history: { events: Record<string, unknown>[] }) =>
  Worker.runReplayHistory(optionsFor(inject('workflowBundle')), history, recordOf(history).workflowId);

/** Replays all files, one after another in one worker: what each failed with, or undefined. */
async function replayFiles(codePath: string): Promise<Map<string, Error | undefined>> {
  const records = await Promise.all(files.map(async (file) => recordOf(await read(file))));
  const failures = new Map<string, Error | undefined>();
  for await (const { error } of Worker.runReplayHistories(optionsFor(codePath), records))
    failures.set(files[failures.size] ?? '', error);
  return failures;
}

describe('stored histories of calls', () => {
  let failures: Map<string, Error | undefined>;
  beforeAll(async () => {
    failures = await replayFiles(inject('workflowBundle'));
  });

  it('there is one for each behaviour that was recorded', () => {
    expect(files.length).toBeGreaterThanOrEqual(123);
  });

  it.each(files)('%s replays: the workflow still takes the same decisions', (file) => {
    expect(failures.has(file)).toBe(true);
    expect(failures.get(file)).toBeUndefined();
  });

  it('they replay in the bundle of workers with a codec too, so that one can be switched on while calls run', async () => {
    const codePath = inject('workflowBundle').replace(BUNDLES.plain, BUNDLES.hidingFailures);
    expect(codePath).toContain(BUNDLES.hidingFailures);
    const hiding = await replayFiles(codePath);
    expect([...hiding.keys()]).toEqual(files);
    expect([...hiding.values()].filter((error) => error !== undefined)).toEqual([]);
  });

  it('a history whose decisions are others is refused, so that this check can fail', async () => {
    const history = await read(files.find((file) => file.includes('webhook-and-flow-end')) ?? '');
    for (const event of history.events) {
      const scheduled = event.activityTaskScheduledEventAttributes as { activityType: { name: string } } | undefined;
      if (scheduled?.activityType.name === 'webhook') scheduled.activityType.name = 'bridgeCommand';
    }
    await expect(replay(history)).rejects.toThrow(/Nondeterminism|determinis/i);
  });
});
