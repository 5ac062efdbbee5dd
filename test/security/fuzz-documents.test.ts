import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocumentText } from '../../src/flow/documents/read-document.js';
import { DOCUMENT_ERRORS, DOCUMENT_WARNINGS } from '../../src/flow/errors.js';
import { tokenize } from '../../src/flow/values/reference.js';
import { validateFlowTest } from '../../src/flow/validation/flow-test.js';
import {
  type Findings,
  validateAccount,
  validateCaller,
  validateFlow,
  withSlips,
} from '../../src/flow/validation/validate.js';
import { bounded, computed, expectNoPollution, hostileValue, mutated, nested, PATIENCE } from './fuzz.js';

const folder = new URL('../../examples/', import.meta.url);
const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json'));
const examples = (
  await Promise.all(files.map(async (name) => JSON.parse(await readFile(new URL(name, folder), 'utf8')) as object))
).filter((document) => 'hookline' in document);
const account = {
  ...{ id: 7, securityId: 's'.repeat(64), timeZone: 'Asia/Kolkata', countryCode: '91', ipAllowList: ['192.0.2.0/24'] },
  ...{ secrets: { a: { env: 'A' } }, defaultWebhook: { url: 'https://example.com', signingSecret: { secret: 'a' } } },
  sms: { url: 'https://example.com', auth: { type: 'bearer', token: { secret: 'a' } }, from: '1' },
  smtp: { host: 'mail.example.com', auth: { username: 'u', password: { secret: 'a' } }, from: 'A <a@example.com>' },
  agents: [{ number: '1', name: 'A' }],
  hours: { days: { mon: [{ from: '09:00', to: '17:00' }] }, holidays: ['2026-01-01'] },
  functions: { shortURL: { url: 'https://example.com' } },
  outbound: { bridge: { id: 'b', taskQueue: 'q' }, from: '1' },
};
const caller = {
  from: '1',
  to: '2',
  steps: [{ press: '1' }, { until: { widget: 'a' } }],
  legs: { 3: { answers: true } },
};
const owner = validateAccount(account).value;
const CODES = new Set(Object.keys({ ...DOCUMENT_ERRORS, ...DOCUMENT_WARNINGS }));

/** What must hold of whatever a validator says. */
function expectFindings(findings: Findings<unknown>): void {
  const { errors, warnings } = findings;
  expect('value' in findings).toBe(errors.length === 0);
  for (const { code, pointer, message } of [...errors, ...warnings]) {
    if (!CODES.has(code)) expect.fail(`${code} is in no catalogue`);
    if (!/^(\/|$)/.test(pointer)) expect.fail(`${pointer} is no JSON pointer`);
    if (!/\S/.test(message)) expect.fail(`${code} has no message`);
  }
  expectNoPollution();
}

describe('D1, C4: whatever a document says, it is judged within 2 seconds, with codes of the catalogue', () => {
  it('knows examples to begin with', () => {
    expect(owner).toBeDefined();
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each<[string, fc.Arbitrary<unknown>, (document: unknown) => Findings<unknown>]>([
    ['any value as a flow', hostileValue, (document) => validateFlow(document)],
    ['an example with changes', fc.oneof(...examples.map(mutated)), (document) => validateFlow(document, owner)],
    ['an account with changes', mutated(account), validateAccount],
    [
      'a caller file with changes',
      mutated(caller),
      (document) => validateCaller(document, validateFlow(examples[0]).value),
    ],
    ['any value as a test file', hostileValue, validateFlowTest],
  ])(
    '%s',
    (_what, documents, validate) => {
      fc.assert(
        fc.property(documents, (document) => expectFindings(computed(() => validate(document)))),
        bounded(),
      );
    },
    PATIENCE,
  );

  it(
    'any bytes as a file',
    () => {
      const texts = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json(),
        fc.tuple(fc.constantFrom(...examples), fc.nat(), fc.string()).map(([document, at, more]) => {
          const text = JSON.stringify(document);
          return text.slice(0, at % text.length) + more + text.slice(at % text.length);
        }),
      );
      const judge = (text: string) => {
        const read = readDocumentText(text);
        if ('fault' in read) return { errors: [read.fault], warnings: [] };
        return withSlips(read.slips, validateFlow(read.value));
      };
      fc.assert(
        fc.property(texts, (text) => expectFindings(computed(() => judge(text)))),
        bounded(),
      );
    },
    PATIENCE,
  );
});

/** An object of half a mebibyte, made of many entries. */
function many(entry: (n: number) => [key: string, value: unknown], bytes = 300_000): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (let n = 0, size = 0; size < bytes; n++) {
    const [key, value] = entry(n);
    all[key] = value;
    size += key.length + JSON.stringify(value).length + 4;
  }
  return all;
}
const flow = (widgets: object, more: object = {}) => ({
  ...{ hookline: 1, id: 'testflow', start: Object.keys(widgets)[0], widgets },
  ...more,
});
const play = (text: string) => flow({ a: { type: 'play', prompt: { text } } });
const long = (prefix: string, n: number) => prefix + String(n).padStart(63, 'x');
const delay = (next: string) => ({ type: 'delay', seconds: 1, lines: { next } });
const matches = (right: string) => ({ left: 'a', op: 'matches', right });
const decision = (...when: object[]) => ({ type: 'decision', cases: [{ line: 'a', when: { all: when } }] });
const webhook = (n: number) => ({
  type: 'webhook',
  request: { method: 'GET', url: 'https://a', auth: { type: 'bearer', token: { secret: long('s', n) } } },
});

describe('documents that are written to keep a validator busy are judged within 2 seconds', () => {
  it.each<[string, unknown]>([
    ['lines that lead nowhere', flow(many((n) => [long('w', n), delay(long('v', n))]))],
    ['a chain from its end to its beginning', flow(many((n) => [`w${90_000 - n}`, delay(`w${90_001 - n}`)]))],
    ['a ring', flow(many((n) => [`w${n}`, delay(n === 0 ? 'w4000' : `w${n - 1}`)]))],
    ['unknown fields', flow({ a: { type: 'hangUp', ...many((n) => [long('x', n), 1]) } })],
    ['unknown types', flow(many((n) => [`w${n}`, { type: `x${n}` }], 100_000))],
    ['faults in every widget', flow(many((n) => [`w${n}`, { type: 'webhook', request: {} }], 100_000))],
    [
      'subflows',
      flow({ a: { type: 'hangUp' } }, { subflows: Array.from({ length: 9000 }, (_, n) => ({ id: `a${n}` })) }),
    ],
    ['secrets that are not there', flow(many((n) => [`w${n}`, webhook(n)], 200_000))],
    ['facts of a call that are none', play(`$call${'.a'.repeat(200_000)}`)],
    ['names that are none', play('$a.b'.repeat(50_000))],
    ['variables', play(Array.from({ length: 15_000 }, (_, n) => `$flow.key.a${n}`).join(''))],
    ['dollars', play('$'.repeat(400_000))],
    ['a pattern', flow({ a: decision(matches('(a|b)*'.repeat(60_000))) })],
    ['patterns', flow({ a: decision(...Array.from({ length: 100 }, (_, n) => matches(`(a?){99${n % 10}}${n}`))) })],
    [
      'addresses',
      flow({ a: { type: 'email', to: `${'a'.repeat(200_000)}@${'b.'.repeat(99_000)}`, subject: '', body: {} } }),
    ],
    ['more than a flow may have', flow(many((n) => [long('w', n), delay(long('v', n))], 900_000))],
    ['conditions in conditions', flow({ a: decision(nested(150, 'object') as object) })],
    ['levels that no document has', nested(100_000)],
  ])('%s', (_what, document) => {
    const secrets = many((n) => [long('t', n), { env: 'A' }], 50_000);
    const { value } = validateAccount({ id: 1, secrets });
    // Once to be compiled: the time of that is not the document's.
    validateFlow(examples[0], value);
    expectFindings(computed(() => validateFlow(document, value)));
  });

  it('V2: a template of nothing but dots is read in a moment', () => {
    expect(computed(() => tokenize(`$call${'.a'.repeat(250_000)}`))).toHaveLength(1);
  });
});
