import type { temporal } from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePayloads } from '../../src/codec-server/payloads.js';
import { type RunningCodecServer, startCodecServer } from '../../src/codec-server/codec-server.js';
import { codecSettings } from '../../src/temporal/codec/codec-settings.js';
import { KEYS, MARKS, marksIn, markedRun, SECRET, type Traces } from './marked-run.js';

const everyMark = Object.keys(MARKS);
let on: Traces;
let off: Traces;
beforeAll(async () => {
  on = await markedRun(KEYS);
  off = await markedRun(null);
}, 240_000);

/** The encodings of all payloads below a value. Search attributes are for searching; see the lists. */
function encodingsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return found;
  const { metadata } = value as { metadata?: Record<string, Uint8Array> };
  if (metadata?.encoding) return found.add(Buffer.from(metadata.encoding).toString());
  for (const [name, inner] of Object.entries(value)) {
    if (name !== 'searchAttributes') encodingsIn(name === 'details' ? withoutNotesOfTheSdk(inner) : inner, found);
  }
  return found;
}

/** The SDK notes beside the result of a local activity which one it was, and when, and by their names which patches a call has. */
function withoutNotesOfTheSdk(details: unknown): unknown {
  const { data, 'patch-data': patch, ...ours } = (details ?? {}) as Record<string, unknown>;
  return data === undefined && patch === undefined ? details : ours;
}

describe('C6: what a run leaves behind', () => {
  it("with the codec on, no number, name, body or credential stands in Temporal's own database file", () => {
    expect(on.database.length).toBeGreaterThan(100_000);
    expect(marksIn(on.database)).toEqual([]);
  });

  it('with the codec off they all do, so that this test can fail', () => {
    expect(marksIn(off.database)).toEqual(everyMark);
  });

  it("nor in our own: numbers and what was persisted of a call's report", () => {
    expect(marksIn(on.store)).toEqual([]);
    expect(marksIn(off.store)).toEqual(expect.arrayContaining(['callersNumber', 'answerBody']));
  });

  it('a secret of the account stands nowhere either way, although the target was sent it', () => {
    for (const { database, store, output, metrics, lists, sent } of [on, off]) {
      expect(sent).toBe(`${SECRET}:${MARKS.literalPassword}`);
      for (const trace of [database, store, output, metrics, lists]) expect(marksIn(trace, { SECRET })).toEqual([]);
    }
  });

  it('none stands in logs, metrics, ids, search attributes or memos', () => {
    expect([on.metrics, off.metrics].every((metrics) => metrics.includes('temporal_'))).toBe(true);
    expect(on.lists).toContain('HooklineFlow');
    for (const { output, metrics, lists } of [on, off])
      expect([output, metrics, lists].map((trace) => marksIn(trace))).toEqual([[], [], []]);
  });

  it("every payload of the history is encrypted, summaries included, but for search attributes and the SDK's own notes", () => {
    expect(encodingsIn(on.history)).toEqual(new Set(['binary/encrypted']));
    expect(encodingsIn(off.history)).toContain('json/plain');
    const summaries = on.history.filter(({ userMetadata }) => userMetadata?.summary);
    expect(summaries.length).toBeGreaterThan(5);
  });
});

describe('C6: the codec server, on the history of that call', () => {
  let server: RunningCodecServer;
  beforeAll(async () => {
    const codec = codecSettings({ HOOKLINE_CODEC_KEYS: KEYS });
    if (!codec) throw new Error('There is no codec.');
    const origins = new Set<string>();
    server = await startCodecServer({ codec, host: '127.0.0.1', port: 0, origins, token: null, say: () => undefined });
  });
  afterAll(() => server.stop());

  const decoded = async (payloads: temporal.api.common.v1.IPayload[] | null | undefined): Promise<string> => {
    const answer = await fetch(`${server.url}/decode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(writePayloads(payloads ?? [])),
    });
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { payloads: { data: string }[] };
    return body.payloads.map(({ data }) => Buffer.from(data, 'base64').toString('utf8')).join('\n');
  };

  it("shows an engineer who has the right what the call's first event holds", async () => {
    const start = on.history[0]?.workflowExecutionStartedEventAttributes;
    const input = await decoded(start?.input?.payloads);
    expect(marksIn(input)).toEqual(expect.arrayContaining(['callersNumber', 'agentsNumber', 'name', 'prompt']));
    expect(JSON.parse(input)).toMatchObject({ call: { from: MARKS.callersNumber } });
  });

  it('and the summary of an activity', async () => {
    const scheduled = on.history.find(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'webhook',
    );
    expect(await decoded([scheduled?.userMetadata?.summary ?? {}])).toMatch(/^"webhook order: POST /);
  });
});
