import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import { WEBHOOK_REASONS } from '../../src/flow/errors.js';
import { type Behaviour, runTask, Target, taskFor } from '../support/target.js';
import { answered, bounded, expectNoPollution, hostileTexts, mutated, PATIENCE } from './fuzz.js';

const activities = createWebhookActivities();
let target: Target;
beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.stop());

const order = {
  order: { id: 12345678901234567890n.toString(), status: 'sent', items: [{ sku: 'a', n: 1.5 }, null, true] },
};
const xml =
  '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="urn:s" a="1"><order xmlns="urn:o"><id>7</id><![CDATA[x]]>&amp;&#65;</order></s:Envelope>';
const rows = (...paths: string[]) =>
  paths.map((path, at) => ({ saveIn: `$flow.key.a${at}`, path, mandatory: at === 0 }));
const responses = fc.constantFrom<unknown>(
  { type: 'none' },
  { type: 'json', map: rows('data', 'data..status', 'data.order.items[?@.n>1]', 'data..*') },
  { type: 'json', map: rows('data.order.items[?match(@.sku, "a+b*")]', 'data.__proto__', 'data.constructor') },
  { type: 'json', dialect: 'jsonpath-plus', map: rows('data.order.items[0]^', 'data.order.*~') },
  { type: 'xml', map: rows('//*', '//@*', 'count(//*[//*])', 'string(/)', '/s:Envelope') },
  { type: 'xml', namespaces: { o: 'urn:o' }, map: rows('//o:order', '//o:id[last()]/text()') },
);

/** A text with bytes put in, taken out or doubled. */
const scratched = (text: string) =>
  fc
    .array(
      fc.tuple(
        fc.nat(text.length),
        fc.nat(20),
        fc.constantFrom('', '<', '&x;', ']]>', '<!DOCTYPE a>', '"', '{', '\0', '💥', ' '),
      ),
      {
        maxLength: 4,
      },
    )
    .map((cuts) => cuts.reduce((all, [at, length, put]) => all.slice(0, at) + put + all.slice(at + length), text));
const bodies = fc.oneof(
  mutated(order).map((one) => Buffer.from(JSON.stringify(one) ?? '')),
  scratched(JSON.stringify(order)).map((text) => Buffer.from(text)),
  scratched(xml).map((text) => Buffer.from(text)),
  fc
    .tuple(fc.constantFrom(JSON.stringify(order), xml), fc.constantFrom<BufferEncoding>('utf16le', 'latin1'))
    .map(([text, how]) => Buffer.from(text, how)),
  fc
    .constantFrom(...hostileTexts)
    .map((text) => Buffer.from(`a=${encodeURIComponent(Buffer.from(text).toString())}&b=1`)),
  fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
);
const types = fc.constantFrom(
  ...['application/json', 'text/xml', 'application/json; charset=utf-16', 'text/xml; charset=iso-8859-1', 'text/plain'],
  ...[
    'application/x-www-form-urlencoded',
    'x; charset="',
    'text/html; charset=gbk',
    'text/xml; charset=utf-7',
    '',
    ';;;',
  ],
);
const packers = fc.constantFrom<[string, (body: Buffer) => Buffer]>(
  ...([
    ['', (body) => body],
    ['identity', (body) => body],
    ['gzip', (body) => gzipSync(body)],
    ['deflate', (body) => deflateSync(body)],
    ['gzip, br', (body) => brotliCompressSync(gzipSync(body))],
    ['gzip', (body) => body],
    ['br', (body) => gzipSync(body).subarray(0, -3)],
    ['compress', (body) => body],
  ] as [string, (body: Buffer) => Buffer][]),
);

describe('R1, R3: whatever a target answers, the widget takes a line within 2 seconds, with a reason of the catalogue', () => {
  it(
    'bodies, codings, charsets, statuses and chunks of any kind',
    async () => {
      const input = fc.record({
        ...{ body: bodies, type: types, packer: packers, response: responses },
        status: fc.oneof(
          { weight: 5, arbitrary: fc.constant(200) },
          { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
        ),
        // How it comes: whole, in chunks of so many bytes, or with a length that is not its own.
        chunk: fc.constantFrom(0, 0, 1, 7, 1000),
        wrongLength: fc.constantFrom(0, 0, 0, -1),
      });
      await fc.assert(
        fc.asyncProperty(
          input,
          async ({ body, type, packer: [coding, pack], response, status, chunk, wrongLength }) => {
            const bytes = pack(body);
            const headers = {
              ...(type !== '' && { 'content-type': type }),
              ...(coding !== '' && { 'content-encoding': coding }),
            };
            const behaviour: Behaviour = (_request, answer) => {
              answer.on('error', () => undefined);
              if (chunk === 0) {
                const length = Math.max(0, bytes.length + wrongLength);
                answer.writeHead(status, { ...headers, 'content-length': length }).end(bytes.subarray(0, length));
                return;
              }
              answer.writeHead(status, headers);
              for (let at = 0; at < Math.min(bytes.length, chunk * 200); at += chunk)
                answer.write(bytes.subarray(at, at + chunk));
              answer.end();
            };
            target.on('/any', behaviour);
            const widget = { request: { url: target.url('/any') }, response, retry: { attempts: 1 } };
            const outcome = await answered(() => runTask(taskFor(widget, { timeout: 5 }), activities));
            if (outcome.line === 'failure') {
              expect(Object.keys(WEBHOOK_REASONS)).toContain(outcome.reason);
              expect(outcome.detail).toMatch(/\S/);
              expect(outcome.rows).toEqual([]);
            }
            for (const [name, value] of outcome.rows) {
              expect(name).toMatch(/^\$flow\.key\.a\d(_\d+|_size)?$/);
              expect(value === null || typeof value === 'string').toBe(true);
            }
            expectNoPollution();
          },
        ),
        bounded(),
      );
    },
    PATIENCE,
  );
});
