import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Collector, type ReceivedSpan } from '../support/collector.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { after, answer, json, Target } from '../support/target.js';

let stack: DevStack;
let target: Target;
let collector: Collector;
let worker: ChildProcess;
let env: NodeJS.ProcessEnv;
const NUMBER = '919847362514';

beforeAll(async () => {
  [stack, target, collector] = await Promise.all([DevStack.start(), Target.start(), Collector.start()]);
  env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '100' };
  worker = await stack.startWorker(env);
  target.on('/ask', answer(503, 'body of the answer'), json({ status: 'sent' })).on('/end', answer(204));
});

afterAll(async () => {
  await stack?.stop();
  await target?.stop();
  await collector?.stop();
});

/** A call that asks a target at `path`, in a flow that another runs, and ends with a flow end. */
function start(path: string, headers: object[] = []) {
  const url = target.url(`${path}?caller=$call.cli.number`);
  const ask = { type: 'webhook', retry: { attempts: 3 }, request: { method: 'GET', url, headers }, lines: {} };
  const sub = { id: 'subflow1', start: 'ask', widgets: { ask } };
  const flow = flowOf(
    {
      answer: { type: 'answerCall', lines: { next: 'inner' } },
      inner: { type: 'subflow', flow: 'subflow1', lines: { next: 'say' } },
      say: { type: 'play', prompt: { text: 'Hello $call.cli.number' }, lines: {} },
    },
    { flowEndWebhook: true, subflows: [sub] },
  );
  const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/end') } };
  return stack.call({ flow, account, caller: { from: NUMBER } });
}

/** The spans of a call, when they are all there. */
async function spansOf(call: string, count: number): Promise<ReceivedSpan[]> {
  const of = () => {
    const [root] = collector.spans.filter((span) => span.name === 'call' && span.attributes['hookline.call'] === call);
    return root ? collector.spans.filter(({ traceId }) => traceId === root.traceId) : [];
  };
  await vi.waitFor(() => expect(of()).toHaveLength(count), { timeout: 10_000 });
  return of();
}

const one = (spans: ReceivedSpan[], name: string, widget?: string) => {
  const found = spans.filter(
    (span) => span.name === name && (!widget || span.attributes['hookline.widget'] === widget),
  );
  expect(found, `${name} ${widget ?? ''}`).toHaveLength(1);
  return found[0] as ReceivedSpan;
};

describe('the trace of a call', () => {
  let spans: ReceivedSpan[];

  beforeAll(async () => {
    const { handle, report } = await start('/ask');
    await report();
    spans = await spansOf(handle.workflowId, 8);
  });

  it('has the call, below it its widgets, below those the attempts of their webhooks, and the flow end', () => {
    const call = one(spans, 'call');
    expect(call.parentSpanId ?? '').toBe('');
    const inner = one(spans, 'widget subflow', 'inner');
    const ask = one(spans, 'widget webhook', 'inner/ask');
    for (const span of [one(spans, 'widget answerCall'), inner, one(spans, 'widget play'), one(spans, 'flow end POST')])
      expect(span.parentSpanId).toBe(call.spanId);
    expect(ask.parentSpanId).toBe(inner.spanId);
    const attempts = spans.filter(({ name }) => name === 'webhook GET');
    expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual([ask.spanId, ask.spanId]);
    expect(attempts.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([503, 200]);
    expect(attempts.map(({ status, kind }) => [status.code, kind])).toEqual([[2, 3], [0, 3]]); // prettier-ignore
    expect(call.attributes).toMatchObject({ 'hookline.account': 1, 'hookline.flow': 'testflow', 'hookline.outcome': 'completed' }); // prettier-ignore
    expect(call.service).toBe('hookline');
  });

  it('has times that fit into each other', () => {
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    for (const { name, parentSpanId, startTimeUnixNano, endTimeUnixNano } of spans) {
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
      const parent = parentSpanId && byId.get(parentSpanId);
      // Server and worker have two clocks, here of one machine.
      if (parent) expect(`${name} ${BigInt(startTimeUnixNano) + 50_000_000n >= BigInt(parent.startTimeUnixNano)}`).toBe(`${name} true`); // prettier-ignore
    }
  });

  it('W8: is the trace of the traceparent that targets get, whose span is that of the attempt', () => {
    const got = [...target.of('/ask'), ...target.of('/end')].map(({ headers }) => String(headers.traceparent));
    const sent = spans.filter(({ kind }) => kind === 3).map((span) => `00-${span.traceId}-${span.spanId}-01`);
    expect(got.sort()).toEqual(sent.sort());
  });

  it('C6: holds no number, body, path or query', () => {
    for (const text of [NUMBER, 'body of the answer', 'Hello', '/ask?', 'caller='])
      expect(collector.text).not.toContain(text);
  });

  it("W8: a flow's own traceparent wins at the target, and the call has its trace all the same", async () => {
    const own = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    target.on('/own', json({}));
    const { handle, report } = await start('/own', [{ key: 'traceparent', value: own, mandatory: false }]);
    await report();
    expect(target.of('/own').map(({ headers }) => headers.traceparent)).toEqual([own]);
    await spansOf(handle.workflowId, 7);
  });
});

describe('the trace of a call whose worker died', () => {
  it('is one, with one span for the call and for each widget, whichever worker told them', async () => {
    // Held for longer than a worker takes to start, however busy the machine is.
    target.on('/long', after(60_000, json({})), json({}));
    const { handle, report } = await start('/long');
    await expect.poll(() => target.of('/long').length, { timeout: 10_000 }).toBe(1);
    const second = await stack.startWorker(env);
    await stack.kill(worker);
    worker = second;
    await report();
    // The attempt of the first worker died with it; its target knows the trace.
    const spans = await spansOf(handle.workflowId, 7);
    const sent = target.of('/long').map(({ headers }) => String(headers.traceparent).split('-')[1]);
    expect(sent).toEqual([spans[0]?.traceId, spans[0]?.traceId]);
    one(spans, 'call');
    expect(one(spans, 'webhook GET').parentSpanId).toBe(one(spans, 'widget webhook').spanId);
  });
});

describe('a worker whose collector is away', () => {
  it('says so, and its calls go on', async () => {
    const away = await Collector.start();
    await away.stop();
    await stack.kill(worker);
    worker = await stack.startWorker({
      ...env,
      OTEL_EXPORTER_OTLP_ENDPOINT: away.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
    });
    target.on('/quick', json({}));
    const { report } = await start('/quick');
    expect(await report()).toMatchObject({ outcome: 'completed', flowEnd: { delivered: true } });
    await expect.poll(() => stack.output, { timeout: 10_000 }).toContain('traces cannot be sent to the collector');
    worker.kill('SIGTERM');
    await once(worker, 'exit');
  });
});
