import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METRICS, type MetricFacts } from '../../src/observability/metric-catalogue.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { startEmbedded } from '../../src/store/embedded.js';
import { openStore, type Store } from '../../src/store/store.js';
import type { TestDatabase } from '../support/databases.js';
import { DevStack } from '../support/dev-stack.js';
import { type Sample, scrape, sum } from '../support/metrics.js';
import { flowOf } from '../support/rig.js';
import { after, answer, json, silence, Target } from '../support/target.js';

let stack: DevStack;
let target: Target;
let database: TestDatabase;
let store: Store;
let samples: Sample[];
let worker: ChildProcess;
const NUMBER = '919847362514';

beforeAll(async () => {
  [stack, target, database] = await Promise.all([DevStack.start(), Target.start(), startEmbedded(null)]);
  store = await openStore(database.url);
  await store.deliveries.note(1, { id: 'd1', call: 'c1', state: 'dead', attempts: 9, detail: 'status 500', delivery: {} }); // prettier-ignore
  const address = `127.0.0.1:${await freePort()}`;
  worker = await stack.startWorker({ HOOKLINE_METRICS_ADDRESS: address, DATABASE_URL: database.url });
  target
    .on('/slow', after(2500, json({ status: 'sent' })))
    .on('/broken', answer(500))
    .on('/end', answer(204));
  await run('/slow', { defaultWebhook: { url: target.url('/end') } });
  await run('/broken', {});
  await refused();
  // The last metrics of a workflow task leave the sandbox when it is over.
  samples = await until(
    address,
    (read) => sum(read, 'hookline_calls_total') === 3 && sum(read, 'hookline_deliveries') === 1,
  );
});

afterAll(async () => {
  await stack?.stop();
  await store?.close();
  await database?.stop();
  await target?.stop();
});

async function run(path: string, account: object): Promise<void> {
  const request = { method: 'GET', url: target.url(`${path}?caller=$call.cli.number`) };
  const flow = flowOf(
    {
      answer: { type: 'answerCall', lines: { next: 'ask' } },
      ask: { type: 'webhook', request, wait: { timeout: 30, holdMusic: true }, lines: {} },
    },
    { flowEndWebhook: 'defaultWebhook' in account },
  );
  const common = { httpEnabled: true, targetAllowList: ['127.0.0.1'] };
  const call = await stack.call({ flow, account: { ...common, ...account }, caller: { from: NUMBER } });
  await call.report();
}

/** Reads until what is read is so. */
async function until(address: string, so: (samples: Sample[]) => boolean): Promise<Sample[]> {
  for (;;) {
    const read = await scrape(address);
    if (so(read)) return read;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function refused(): Promise<void> {
  const { report } = await stack.call({ flow: { hookline: 1, id: 'testflow' } });
  await expect(report()).rejects.toThrow();
}

describe('the metrics of a worker', () => {
  it('count calls by outcome and error, a start that is refused too', () => {
    expect(sum(samples, 'hookline_calls_total', { outcome: 'completed', error: 'none' })).toBe(2);
    expect(sum(samples, 'hookline_calls_total', { outcome: 'refused', error: 'INVALID_FLOW' })).toBe(1);
  });

  it('R3: tell how long webhooks took, by reason and by the host that stands in the flow', () => {
    const name = 'hookline_webhook_seconds';
    expect(sum(samples, `${name}_count`, { reason: 'none', target: '127.0.0.1' })).toBe(1);
    expect(sum(samples, `${name}_count`, { reason: 'SERVER_ERROR', target: '127.0.0.1' })).toBe(1);
    expect(sum(samples, `${name}_sum`, { reason: 'none' })).toBeGreaterThan(1.1);
    expect(sum(samples, `${name}_bucket`, { reason: 'none', le: '1' })).toBe(0);
    expect(sum(samples, `${name}_bucket`, { reason: 'none', le: '10' })).toBe(1);
  });

  it('H2: tell how long the hold tune played', () => {
    expect(sum(samples, 'hookline_hold_seconds_count')).toBe(1);
    expect(sum(samples, 'hookline_hold_seconds_sum')).toBeGreaterThan(0.5);
  });

  it('E5: tell how many flow ends were sent, are on their way, and are dead letters', () => {
    expect(sum(samples, 'hookline_flow_end_attempts_total', { result: 'delivered' })).toBe(1);
    expect(sum(samples, 'hookline_deliveries', { state: 'dead' })).toBe(1);
    expect(sum(samples, 'hookline_deliveries', { state: 'pending' })).toBe(0);
  });

  it("tell queue latency by the SDK's own, in seconds", () => {
    for (const kind of ['workflow_task', 'activity'])
      expect(sum(samples, `temporal_${kind}_schedule_to_start_latency_count`)).toBeGreaterThan(0);
    expect(sum(samples, 'temporal_workflow_task_schedule_to_start_latency_bucket', { le: '0.1' })).toBeGreaterThan(0);
  });

  it('have pollers and slots of the SDK, by the labels that alerts and dashboard ask for', () => {
    expect(sum(samples, 'temporal_num_pollers', { poller_type: 'workflow_task' })).toBeGreaterThan(0);
    for (const worker_type of ['WorkflowWorker', 'ActivityWorker'])
      expect(sum(samples, 'temporal_worker_task_slots_available', { worker_type })).toBeGreaterThan(0);
    expect(samples.map(({ name }) => name)).toContain('temporal_worker_task_slots_used');
  });

  it('C6: have no label but those of the catalogue and of the SDK, no value that is not listed, and no number', () => {
    expect(JSON.stringify(samples)).not.toContain(NUMBER);
    const catalogue: Record<string, MetricFacts> = METRICS;
    const ours = samples.filter(({ name }) => name.startsWith('hookline_'));
    for (const { name, labels } of ours) {
      const facts = catalogue[name] ?? catalogue[name.replace(/_(bucket|sum|count)$/, '')];
      expect(facts, name).toBeDefined();
      for (const [label, value] of Object.entries(labels)) {
        const known = facts?.labels[label];
        if (known === undefined) expect(OF_THE_SDK).toContain(label);
        else if (known !== 'any') expect(known).toContain(value);
      }
    }
  });
});

describe('the metrics of a worker that takes over', () => {
  it('tell how long it took until it went on', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    // The first worker is never answered.
    target.on('/long', silence, json({}));
    const running = run('/long', {});
    await expect.poll(() => target.of('/long').length, { timeout: 10_000 }).toBe(1);
    const second = await stack.startWorker({ HOOKLINE_METRICS_ADDRESS: address, DATABASE_URL: database.url });
    await stack.kill(worker);
    worker = second;
    await running;
    const read = await until(address, (read) => sum(read, 'hookline_calls_total') === 1);
    expect(sum(read, 'hookline_recovery_seconds_count')).toBe(1);
    expect(sum(read, 'hookline_recovery_seconds_sum')).toBeLessThan(15);
  });
});

describe('the metrics of a worker without a store', () => {
  it('E5: tell of the flow ends that Temporal still delivers', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    await stack.kill(worker);
    await stack.startWorker({ HOOKLINE_METRICS_ADDRESS: address });
    target.on('/away', answer(503, '', { 'retry-after': '3600' }));
    await run('/broken', { defaultWebhook: { url: target.url('/away') } });
    const read = await until(address, (read) => sum(read, 'hookline_deliveries', { state: 'pending' }) === 1);
    expect(sum(read, 'hookline_flow_end_attempts_total', { result: 'failed' })).toBe(1);
    expect(sum(read, 'hookline_outbound_calls')).toBe(0);
  });
});

/** Labels that the SDK adds, and Prometheus for buckets. */
const OF_THE_SDK = ['namespace', 'taskQueue', 'workflowType', 'activityType', 'service_name', 'le'];
