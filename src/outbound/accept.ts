/**
 * Taking a request for outbound calls: all checks, then one write. Contract F1.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Account } from '../flow/documents/account.js';
import { flow as flowSchema, type Flow } from '../flow/documents/flow.js';
import { missingInputs, sensitiveInputs } from '../flow/values/inputs.js';
import { isWritable } from '../flow/values/reference.js';
import { validateVariables } from '../flow/validation/validate.js';
import { normalNumber } from '../store/phone-number.js';
import type { Store } from '../store/store.js';
import type { OutboundCode } from './codes.js';
import { signalDesk } from './desk.js';

/** One customer to call. */
export interface WantedCall {
  clientIdentifier: string | null;
  /** The first, then alternates that are tried in turn. */
  numbers: string[];
  startAt: Date;
  /** By full name. */
  variables: Record<string, string>;
  /**
   * What is sensitive: variables by full name, `$call.dnis.number` for the numbers, {@link CLIENT_IDENTIFIER}; default:
   * nothing. Contract V7.
   */
  sensitive?: string[];
}

/** The name of the client identifier among what is sensitive: that of the input of `createOutbound`. Contract V7. */
export const CLIENT_IDENTIFIER = '$flow.syskey.clientID';

/** What is asked for. */
export interface WantedCalls {
  /** `1.0` runs the version that is published when the call is placed, `TEST` the newest one as it is now. */
  apiVersion: string;
  flowId: string;
  calls: WantedCall[];
  checksum: string | null;
  /** The idempotency key of what asks: the same gives the same calls. */
  origin: string | null;
}

/** What became of a request; `calls` are those that were taken. */
export interface Accepted {
  code: OutboundCode;
  requestId: string | null;
  calls: { clientIdentifier: string | null; uuid: string }[];
  /** What is wrong with the first call that was not taken, where the code does not say it all. */
  detail?: string;
}

/** The most calls of one request. */
export const MAX_CALLS = 500;
/** The most numbers of one customer. */
const MAX_NUMBERS = 10;
const MAX_IDENTIFIER = 200;

/** What a request is taken with. */
export interface OutboundContext {
  store: Store;
  client: Client;
  /** Of the desk and the calls. */
  taskQueue: string;
}

/** Takes a request of an account, or says by a code why not. Nothing is written then. */
export async function acceptOutbound(
  { store, client, taskQueue }: OutboundContext,
  account: Account,
  wanted: WantedCalls,
): Promise<Accepted> {
  const { apiVersion, flowId, checksum, origin } = wanted;
  if (apiVersion !== '1.0' && apiVersion !== 'TEST') return refused(203);
  const flow = await store.flows.get(account.id, flowId);
  if (flow?.type !== 'outbound') return refused(301);
  if (apiVersion === '1.0' && flow.published === null) return refused(304);
  if (!account.outbound) return refused(207);
  if (wanted.calls.length === 0) return refused(302);
  if (wanted.calls.length > MAX_CALLS) return refused(303);
  const version = apiVersion === 'TEST' ? flow.newest : 'published';
  const document = (await store.flows.version(account.id, flowId, version))?.document;
  const inputs = flowSchema.shape.inputs.safeParse(document?.inputs).data;
  const checked = wanted.calls.map((call) => {
    const missing = missingInputs(inputs, call.variables);
    const code = faultOf(call, account.countryCode) ?? (missing.length > 0 ? 210 : null);
    return { call: withMarks(call, inputs), code, missing };
  });
  const good = checked.filter(({ code }) => code === null).map(({ call }) => ({ id: randomUUID(), ...call }));
  if (good.length === 0) {
    const [first] = checked;
    const detail = first?.missing.map(({ message }) => message).join(' ');
    return { ...refused(first?.code ?? 400), ...(detail && { detail }) };
  }
  const made = await store.outbound.create(
    account.id,
    { id: randomUUID(), flowId, flowVersion: apiVersion === 'TEST' ? flow.newest : null, checksum, origin },
    good,
    // Before the commit, so that no request is written without a signal to the desk; the desk looks more than once.
    () => signalDesk(client, account.id, taskQueue),
  );
  if (made.repeated) return refused(201);
  // The desk may have looked before the commit. If this fails it looks again later.
  await signalDesk(client, account.id, taskQueue).catch(() => undefined);
  const calls = made.calls.map((uuid, index) => ({
    clientIdentifier: good[index]?.clientIdentifier ?? null,
    uuid,
  }));
  return { code: good.length < checked.length ? 209 : 200, requestId: made.request, calls };
}

/** A call with the marks of the inputs that the flow says are sensitive. Contract D2b, V7. */
function withMarks(call: WantedCall, inputs: Flow['inputs']): WantedCall {
  const marked = sensitiveInputs(inputs).filter((name) => Object.hasOwn(call.variables, name));
  return marked.length === 0 ? call : { ...call, sensitive: [...new Set([...(call.sensitive ?? []), ...marked])] };
}

/** Why a call cannot be placed; null when it can. */
function faultOf({ numbers, variables, clientIdentifier }: WantedCall, countryCode?: string): OutboundCode | null {
  if (numbers.length === 0 || numbers.length > MAX_NUMBERS) return 205;
  const isNumber = (text: string) =>
    /^[\d+() .-]{3,40}$/.test(text) && /^\d{3,15}$/.test(normalNumber(text, countryCode));
  if (!numbers.every(isNumber)) return 205;
  if ((clientIdentifier?.length ?? 0) > MAX_IDENTIFIER || clientIdentifier?.includes('\0')) return 210;
  if (!Object.keys(variables).every(isWritable) || validateVariables(variables).length > 0) return 210;
  return null;
}

function refused(code: OutboundCode): Accepted {
  return { code, requestId: null, calls: [] };
}
