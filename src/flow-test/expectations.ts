/**
 * Is a call what its test expects? Every difference at once.
 * @module
 */
import type { CallReport, PathEntry } from '../engine/call-report.js';
import type { Expected, ExpectedRequest } from '../flow/documents/flow-test.js';
import { partsOf } from '../flow/validation/flow-test.js';
import type { SentRequest } from './answers.js';
import { type Difference, differences } from './match.js';

/** What a test saw of its call. */
export interface Observed {
  report: CallReport;
  /** The prompts that the caller heard the beginning of, in order. */
  prompts: string[];
  /** When each of them began, in seconds of the caller's time after the call was answered. */
  heardAt: number[];
  holdTune: boolean;
  sent: SentRequest[];
  /** The numbers of dialled parties that the caller file does not script. Contract D6. */
  unscripted: string[];
}

/** Why a test failed. */
export interface Failure {
  /** The field of `expect`, or `answers` for a request without one, `call` for a call that did not end. */
  what: string;
  /** In words. A line that begins with `- ` was expected, one with `+ ` came. */
  lines: string[];
}

/** Compares a call with everything that is expected of it. */
export function failuresOf(expect: Expected, seen: Observed): Failure[] {
  return [
    ...unscripted(seen.sent),
    ...outcome(expect, seen.report),
    ...path(expect.path, seen.report.path),
    ...passes(expect.passes, seen.report.path),
    ...variables(expect.variables, seen.report.variables),
    ...heard(expect, seen),
    ...requests(expect.requests, seen.sent),
    ...flowEnd(expect, seen.report),
  ];
}

function unscripted(sent: readonly SentRequest[]): Failure[] {
  const without = sent.filter(({ got }) => got === null);
  return without
    .filter(({ sender }, index) => without.findIndex((other) => other.sender === sender) === index)
    .map(({ sender, method, url }) => ({
      what: 'answers',
      lines: [
        `The widget "${sender}" sent a request, and the test has no answer for it:`,
        `  ${method} ${url}`,
        `Add to "answers": "${sender}": { "status": 200, "json": {} }`,
      ],
    }));
}

/** A call that fails does not pass unless that is expected. */
function outcome(expect: Expected, { outcome: got, error }: CallReport): Failure[] {
  const failures: Failure[] = [];
  const why = error ? ` (${error.code}: ${error.message})` : '';
  if (expect.outcome !== undefined && expect.outcome !== got) {
    failures.push({ what: 'outcome', lines: [`- ${expect.outcome}`, `+ ${got}${why}`] });
  }
  if (expect.error !== undefined && expect.error !== error?.code) {
    failures.push({
      what: 'error',
      lines: [`- ${expect.error}`, `+ ${error ? `${error.code}: ${error.message}` : 'none'}`],
    });
  }
  if (expect.outcome === undefined && expect.error === undefined && got !== 'completed' && got !== 'hungUp') {
    failures.push({ what: 'outcome', lines: ['- completed or hungUp', `+ ${got}${why}`] });
  }
  return failures;
}

function path(expected: string[] | undefined, got: readonly PathEntry[]): Failure[] {
  if (!expected) return [];
  const same = expected.findIndex((step, index) => !fits(step, got[index]));
  const common = same < 0 ? expected.length : same;
  if (same < 0 && got.length === expected.length) return [];
  return [
    {
      what: 'path',
      lines: [
        `from place ${common + 1} on:`,
        ...(common > 0 ? [`  ${expected.slice(0, common).join(' → ')}`] : []),
        `- ${expected.slice(common).join(' → ') || '(the end)'}`,
        `+ ${shown(got.slice(common)) || '(the end)'}`,
      ],
    },
  ];
}

function passes(expected: string[] | undefined, got: readonly PathEntry[]): Failure[] {
  let from = 0;
  for (const [index, step] of (expected ?? []).entries()) {
    const found = got.findIndex((entry, place) => place >= from && fits(step, entry));
    if (found < 0) {
      const before = expected?.[index - 1];
      const after = before === undefined ? '' : ` after ${before}`;
      return [{ what: 'passes', lines: [`- ${step}${after}`, `+ ${shown(got.slice(from)) || '(the end)'}`] }];
    }
    from = found + 1;
  }
  return [];
}

function fits(step: string, entry: PathEntry | undefined): boolean {
  const { widget, line } = partsOf(step);
  return entry?.widget === widget && (line === undefined || entry.line === line);
}

function shown(path: readonly PathEntry[]): string {
  return path.map(({ widget, line }) => (line === null ? widget : `${widget}:${line}`)).join(' → ');
}

function variables(expected: Expected['variables'], got: Readonly<Record<string, string>>): Failure[] {
  return Object.entries(expected ?? {}).flatMap(([name, value]) => {
    const [wanted, has] = [
      value === null ? undefined : String(value),
      Object.hasOwn(got, name) ? got[name] : undefined,
    ];
    return wanted === has ? [] : [{ what: 'variables', lines: [name, `- ${text(wanted)}`, `+ ${text(has)}`] }];
  });
}

function heard({ heard: parts, notHeard, holdTune }: Expected, seen: Observed): Failure[] {
  const failures: Failure[] = [];
  let from = 0;
  for (const part of parts ?? []) {
    const found = seen.prompts.findIndex(
      (prompt, index) => index >= from && fitsHeard(part, prompt, seen.heardAt[index]),
    );
    if (found < 0) {
      const rest = seen.prompts
        .slice(from)
        .map(
          (prompt, index) =>
            `+ ${text(prompt)}${typeof part === 'object' ? ` at ${seconds(seen.heardAt[from + index])}` : ''}`,
        );
      const wanted = typeof part === 'string' ? text(part) : `${text(part.text)} at ${seconds(part.at)}`;
      failures.push({ what: 'heard', lines: [`- ${wanted}`, ...(rest.length > 0 ? rest : ['+ (nothing more)'])] });
      break;
    }
    from = found;
  }
  for (const part of notHeard ?? []) {
    const prompt = seen.prompts.find((one) => one.includes(part));
    if (prompt !== undefined) failures.push({ what: 'notHeard', lines: [`- not ${text(part)}`, `+ ${text(prompt)}`] });
  }
  if (holdTune !== undefined && holdTune !== seen.holdTune) {
    const [yes, no] = ['the hold tune is heard', 'no hold tune is heard'];
    failures.push({ what: 'holdTune', lines: [`- ${holdTune ? yes : no}`, `+ ${holdTune ? no : yes}`] });
  }
  return failures;
}

type Heard = NonNullable<Expected['heard']>[number];

/** By so many seconds a prompt may begin sooner or later than expected. */
const GIVE_OR_TAKE = 1;

function fitsHeard(part: Heard, prompt: string, at = NaN): boolean {
  if (typeof part === 'string') return prompt.includes(part);
  return prompt.includes(part.text) && Math.abs(at - part.at) <= GIVE_OR_TAKE;
}

function seconds(at = NaN): string {
  return `${Math.round(at * 10) / 10} s`;
}

function requests(expected: Expected['requests'], all: readonly SentRequest[]): Failure[] {
  return Object.entries(expected ?? {}).flatMap(([sender, wanted]) => {
    const sent = all.filter((one) => one.sender === sender);
    const list = Array.isArray(wanted) ? wanted : sent.map(() => wanted);
    const least = Array.isArray(wanted) ? list.length : Math.max(1, sent.length);
    if (sent.length !== least) {
      const came = sent.map(({ method, url, got }) => `  ${method} ${url} (${got ?? 'no answer'})`);
      return [{ what: 'requests', lines: [sender, `- ${count(least)}`, `+ ${count(sent.length)}`, ...came] }];
    }
    return list.flatMap((one, index) => {
      const differs = requestDifferences(one, sent[index]);
      if (differs.length === 0) return [];
      const title = sent.length > 1 ? `${sender}, request ${index + 1}` : sender;
      return [{ what: 'requests', lines: [title, ...differs.flatMap(differenceLines)] }];
    });
  });
}

function requestDifferences(expected: ExpectedRequest, sent: SentRequest | undefined): Difference[] {
  if (!sent) return [];
  const { pathname, search } = new URL(sent.url);
  const url = expected.url?.startsWith('/') ? `${pathname}${search}` : sent.url;
  const headers = Object.entries(expected.headers ?? {}).flatMap(([name, value]) => {
    const values = sent.headers.filter(([other]) => other.toLowerCase() === name.toLowerCase()).map(([, one]) => one);
    return differences(value ?? undefined, values.length > 0 ? values.join(', ') : undefined, 'all', ['headers', name]);
  });
  return [
    ...(expected.method === undefined
      ? []
      : differences(expected.method.toUpperCase(), sent.method, 'all', ['method'])),
    ...(expected.url === undefined ? [] : differences(expected.url, url, 'all', ['url'])),
    ...headers,
    ...(expected.body === undefined ? [] : bodyDifferences(expected.body, sent.body)),
  ];
}

function bodyDifferences(expected: unknown, sent: string): Difference[] {
  if (expected === sent) return [];
  let got: unknown = sent;
  try {
    got = JSON.parse(sent);
  } catch {
    // No JSON: compared as the text that it is.
  }
  return differences(expected, got, 'all', ['body']);
}

function flowEnd({ flowEnd: expected }: Expected, report: CallReport): Failure[] {
  if (expected === undefined) return [];
  const payload = report.flowEnd?.payload;
  if (expected === null) return payload ? [{ what: 'flowEnd', lines: ['- none', `+ ${text(payload)}`] }] : [];
  if (!payload) return [{ what: 'flowEnd', lines: [`- ${text(expected)}`, '+ none'] }];
  return differences(expected, payload, 'some').map((one) => ({ what: 'flowEnd', lines: differenceLines(one) }));
}

function differenceLines({ place, expected, got }: Difference): string[] {
  return [...(place === '' ? [] : [place]), `- ${text(expected)}`, `+ ${text(got)}`];
}

function count(requests: number): string {
  return requests === 1 ? '1 request' : `${requests === 0 ? 'no' : requests} requests`;
}

/** A value as JSON in one line. */
function text(value: unknown): string {
  if (value === undefined) return 'absent';
  const json = JSON.stringify(value);
  return json.length > 1000 ? `${json.slice(0, 1000)}… (${json.length} characters)` : json;
}
