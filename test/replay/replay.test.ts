import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { describe, expect, inject, it } from 'vitest';
import { BUNDLES } from '../../src/temporal/bundle.js';
import { callSinks } from '../../src/temporal/call-sinks.js';
import '../support/runtime.js';

const folder = fileURLToPath(new URL('histories/', import.meta.url));
const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
const read = async (file: string) =>
  JSON.parse(await readFile(`${folder}${file}`, 'utf8')) as { events: Record<string, unknown>[] };
/** Ids of children and keys of requests come from the workflow's id, which the history's first event tells. */
const replay = (history: { events: Record<string, unknown>[] }, codePath = inject('workflowBundle')) => {
  const start = history.events[0]?.workflowExecutionStartedEventAttributes as { workflowId: string };
  return Worker.runReplayHistory(
    { workflowBundle: { codePath }, sinks: callSinks(undefined) },
    history,
    start.workflowId,
  );
};

describe('stored histories of calls', () => {
  it('there is one for each behaviour that was recorded', () => {
    expect(files.length).toBeGreaterThanOrEqual(117);
  });

  it.each(files)('%s replays: the workflow still takes the same decisions', async (file) => {
    await expect(replay(await read(file))).resolves.toBeUndefined();
  });

  it('they replay in the bundle of workers with a codec too, so that one can be switched on while calls run', async () => {
    const codePath = inject('workflowBundle').replace(BUNDLES.plain, BUNDLES.hidingFailures);
    expect(codePath).toContain(BUNDLES.hidingFailures);
    for (const file of files) await expect(replay(await read(file), codePath), file).resolves.toBeUndefined();
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
