/**
 * A recorded call as a test file: the same caller, the same answers, and what came of them as expectations.
 * @module
 */
import type * as z from 'zod';
import { attemptsAllowed, isPassing } from '../http/retry.js';
import type { flowTest } from '../flow/documents/flow-test.js';
import type { RecordedCall, RecordedRequest } from '../flow/documents/recorded-call.js';
import type { Step } from './caller-steps.js';
import type { Party } from './dialled-parties.js';
import { requestUrl } from './request-url.js';

type Test = z.input<typeof flowTest>;
type Answer = Exclude<NonNullable<Test['answers']>[string], unknown[]>;

/** Seconds of silence after which the hold tune begins, with room on both sides. Contract H2. */
const HOLD = { before: 0.2, begins: 0.3, after: 0.5 };
/** Variables that are never the same in another call, or too long to read. */
const VOLATILE = /^\$flow\.key\.(response_duration|response_raw|response_truncated|response_age|error_detail)$/;
/** A target that says so is not asked again. Contract H4. */
const ASK_NO_MORE = { 'Retry-After': '3600' };
/** A coding that nobody knows: such an answer cannot be read. Contract R8. */
const UNREADABLE = { 'Content-Encoding': 'unknown' };

/** The test; `flow` and `account` are to be found as `flow.json` and `account.json`, the defaults of a test. */
export function asTest(call: RecordedCall): Test {
  const { report, caller } = call;
  const { from, to, steps, legs } = caller;
  return {
    name: `recorded ${call.startedAt}`,
    at: call.startedAt,
    ...(Object.keys(call.variables).length > 0 && { set: call.variables }),
    caller: {
      ...{ from, to },
      ...(steps.length > 0 && { steps: steps.map(brief) }),
      ...(Object.keys(legs).length > 0 && {
        legs: Object.fromEntries(Object.entries(legs).map(([number, leg]) => [number, briefLeg(leg)])),
      }),
    },
    answers: answersOf(call),
    ...keptOf(call),
    expect: {
      outcome: report.outcome,
      path: report.path.map(({ widget, line }) => (line === null ? widget : `${widget}:${line}`)),
      variables: lastingVariables(call),
      ...(call.heard.length > 0 && { heard: call.heard }),
      holdTune: call.holdTune,
      requests: requestsOf(call),
      flowEnd: flowEndOf(call),
      ...(report.error && { error: report.error.code }),
    },
  };
}

/** A step without what goes without saying. */
function brief(step: RecordedCall['caller']['steps'][number]): Step {
  if (!('now' in step) || step.now) return step;
  return 'press' in step ? { press: step.press } : { say: step.say };
}

function briefLeg({ answers, after, because, earlyMedia, steps }: RecordedCall['caller']['legs'][string]): Party {
  return {
    ...(!answers && { answers, because }),
    after,
    ...(earlyMedia && { earlyMedia }),
    ...(steps.length > 0 && { steps: steps.map(brief) }),
  };
}

/** The answers of each widget in the order of its visits, a list where there is more than one. */
function answersOf({ requests, holdTune }: RecordedCall): NonNullable<Test['answers']> {
  const lists = new Map<string, Answer[]>();
  for (const one of requests) {
    const list = lists.get(one.widget) ?? [];
    list.push(...answersTo(one, holdTune));
    lists.set(one.widget, list);
  }
  const given = [...lists].filter(([, list]) => list.length > 0);
  return Object.fromEntries(given.map(([widget, list]) => [widget, list.length === 1 && list[0] ? list[0] : list]));
}

/** The answers that were read again, by widget; of several visits, that of the first. Contract R11. */
function keptOf({ requests }: RecordedCall): Pick<Test, 'kept'> {
  const kept = requests.flatMap(
    ({ widget, outcome }) =>
    outcome?.age === undefined ? [] : [[widget, { ...(outcome.raw !== undefined && bodyOf(outcome.raw)), age: outcome.age }] as const], // prettier-ignore
  );
  return kept.length > 0 ? { kept: Object.fromEntries(kept.reverse()) } : {};
}

/** What the target did, attempt by attempt. The record has the last one; those before it were not worth keeping. */
function answersTo(one: RecordedRequest, holdTune: boolean): Answer[] {
  const { outcome } = one;
  if (outcome === null || outcome.reason === 'TIMEOUT') return [{ error: 'timeout' }];
  if (outcome.attempts === 0) return [];
  const allowed = one.type === 'webhook' ? attemptsAllowed(one) : 3;
  if (outcome.reason === 'CONNECTION_FAILURE') return Array.from({ length: allowed }, () => ({ error: 'connection' }));
  // What failed before the kept answer stood in is not in the record.
  if (outcome.stale) return Array.from({ length: allowed }, () => ({ error: 'connection' }));
  const last = lastAnswer(one, outcome, holdTune);
  const more = isPassing(outcome.statusCode ?? 200) && outcome.attempts < allowed;
  const before = Array.from({ length: outcome.attempts - 1 }, () => ({ status: 503 }));
  return [...before, more ? { ...last, headers: { ...last.headers, ...ASK_NO_MORE } } : last];
}

function lastAnswer(one: RecordedRequest, outcome: NonNullable<RecordedRequest['outcome']>, holdTune: boolean): Answer {
  const { statusCode = 200, raw, reason } = outcome;
  const after = waitOf(outcome.attempts > 1 ? outcome.duration : one.seconds, holdTune);
  const unreadable = raw === undefined && reason === 'INVALID_RESPONSE';
  return {
    ...(statusCode !== 200 && one.type !== 'email' && { status: statusCode }),
    ...(one.type === 'email' && outcome.line === 'failure' && { status: statusCode < 500 ? 421 : 550 }),
    ...(raw !== undefined && bodyOf(raw)),
    ...(unreadable && { text: '?', headers: UNREADABLE }),
    ...(after > 0 && { after }),
  };
}

/** JSON as JSON where nothing of it is lost by that, such as the digits of long numbers. */
function bodyOf(raw: string): Pick<Answer, 'json' | 'text'> {
  try {
    const json = JSON.parse(raw) as Answer['json'];
    if (JSON.stringify(json) === raw) return { json };
  } catch {
    // No JSON: the text as it came.
  }
  return { text: raw };
}

/** Seconds to the answer, so that the hold tune is heard or not as it was. */
function waitOf(seconds: number, holdTune: boolean): number {
  if (holdTune) return seconds < HOLD.begins ? seconds : Math.max(seconds, HOLD.after);
  return Math.min(seconds, HOLD.before);
}

/** Values that another call has too. */
function lastingVariables({ call, id, uuid, report }: RecordedCall): Record<string, string> {
  const own = [call, id, ...(uuid === null ? [] : [uuid])];
  return Object.fromEntries(
    Object.entries(report.variables).filter(
      ([name, value]) => !VOLATILE.test(name) && !own.some((one) => value.includes(one)),
    ),
  );
}

/** Method and URL of what was sent for certain. */
function requestsOf({ requests }: RecordedCall): NonNullable<NonNullable<Test['expect']>['requests']> {
  const lists = new Map<string, object[]>();
  for (const one of requests) {
    const url = one.type === 'webhook' ? requestUrl(one) : undefined;
    if (one.type !== 'webhook' || url === undefined || !one.outcome || one.outcome.reason === 'TIMEOUT') continue;
    const { attempts, reason } = one.outcome;
    const sent = reason === 'CONNECTION_FAILURE' && attempts > 0 ? attemptsAllowed(one) : attempts;
    const expected = Array.from({ length: sent }, () => ({ method: one.request.method, url }));
    lists.set(one.widget, [...(lists.get(one.widget) ?? []), ...expected]);
  }
  const certain = [...lists].filter(([widget]) =>
    requests.every((one) => one.widget !== widget || (one.outcome !== null && one.outcome.reason !== 'TIMEOUT')),
  );
  return Object.fromEntries(certain);
}

function flowEndOf({ report }: RecordedCall): NonNullable<Test['expect']>['flowEnd'] {
  if (report.flowEnd === null) return null;
  const lasting = ['calleeType', 'calleeNumber', 'didNumber', 'hangupCause', 'incoming', 'remoteHangup'];
  return {
    callDetails: report.flowEnd.callDetails.map((details) =>
      Object.fromEntries(Object.entries(details).filter(([name]) => lasting.includes(name))),
    ),
  };
}
