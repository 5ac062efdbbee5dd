/**
 * The first step of a call: everything is checked and resolved before a widget runs. Contract C2, C4, B1.
 * @module
 */
import { ApplicationFailure } from '@temporalio/common';
import type { Account } from '../flow/documents/account.js';
import { callInput } from '../flow/documents/call-input.js';
import type { CallClock } from '../engine/call-clock.js';
import type { CallLimits, OpenedCall } from '../engine/opened-call.js';
import { CALL_ERRORS, type CallErrorCode, type Problem } from '../flow/errors.js';
import { zoneOffsets } from '../flow/time/zone-offsets.js';
import { inputDefaults, missingInputs, sensitiveInputs } from '../flow/values/inputs.js';
import { under } from '../flow/validation/pointer.js';
import { structuralErrors } from '../flow/validation/structure.js';
import { validateVariables } from '../flow/validation/validate.js';
import { newDefaultWarnings } from '../flow/validation/variable-use.js';
import type { SecretSettings } from '../http/secret-settings.js';
import { type HttpBridgeSettings, httpBridgeSettings } from '../telephony/http/bridge-http-settings.js';
import type { Store } from '../store/store.js';
import type { BridgeNode, CallInput } from '../telephony/start.js';
import { KnownDocuments } from './known-documents.js';
import { watchedNode } from './watched-node.js';
import { withSecretRules } from './secret-rules.js';
import { storedSubflows } from './stored-subflows.js';
import { contactVariables, fitting, startDocuments, withPauseState } from './start-documents.js';
import { StoreReader } from './store-reader.js';

const OWN_PLACES: SecretSettings = { places: 'own', secretsDir: null };
/** Characters of all problems of a refused start. */
const MAX_FAILURE_CHARACTERS = 256 * 1024;
/** Characters of one pointer or message. */
const MAX_TOLD_CHARACTERS = 2000;

/** What a start is checked against, beside itself. */
export interface OpenCallOptions {
  limits: CallLimits;
  searchAttributes: boolean;
  /** Whether the server knows the attribute by which the calls of a node are found, default false. Contract B8. */
  findsBridges?: boolean;
  /** The node of a call is watched as a whole: its watch is to be there. Contract B8. */
  keepWatch?: (bridge: BridgeNode) => void;
  /** Which URLs bridges may have; default: unsigned, and on this machine alone. Contract B6. */
  http?: HttpBridgeSettings;
  /** Where accounts, flows and contacts are kept; default: nowhere, and calls come with their documents. */
  store?: (() => Promise<Store>) | undefined;
  /** Reads from the store; default: one of its own. */
  reader?: StoreReader;
  /** Whether the account has no room for this call that came in; default: it always has. */
  isFull?: (account: Account) => Promise<boolean>;
  /** Takes what newer rules refuse in the stored documents of a call, which runs nevertheless; default: nobody wants it. Contract C4. */
  onOutdated?: (account: number, flow: string, problems: readonly Problem[]) => void;
  /** Which places the secrets of accounts may name; default: their own, and no folder. Contract D3. */
  secrets?: SecretSettings;
  /** Seconds without a heartbeat after which a request of the call counts as lost; default 3. */
  heartbeatTimeout?: () => number;
  /** Stored flows that stand in for those of the store in this call, by id, for tests; default: none. */
  subflows?: () => Readonly<Record<string, Record<string, unknown>>>;
  /** Milliseconds by which the clock of this call is shifted, for tests; default 0. */
  clockShiftMs?: () => number;
}

/**
 * Makes the activity that checks a start and resolves its account and flow.
 * `at` is this moment by the clock of the call, in milliseconds since 1970; default: that of this process.
 * It raises `INVALID_INPUT`, `INVALID_FLOW` (details: every error, with its JSON pointer) `ACCOUNT_UNKNOWN`,
 * `FLOW_UNKNOWN` and `ACCOUNT_BUSY`.
 */
export function createOpenCall(options: OpenCallOptions) {
  const { http = httpBridgeSettings({}), limits, searchAttributes, secrets = OWN_PLACES } = options;
  const { reader = new StoreReader() } = options;
  const settings = { limits, searchAttributes };
  const documentsKnown = new KnownDocuments();
  return async function openCall(input: CallInput, at = Date.now()): Promise<OpenedCall> {
    refuse('INVALID_INPUT', structuralErrors(callInput, input));
    const start = callInput.parse(input);
    refuse('INVALID_INPUT', [
      ...under(['variables'], validateVariables(start.variables)),
      ...bridgeErrors(start.bridge, http),
    ]);
    const documents = await startDocuments(start, options.store, reader);
    const stored = documents.accountIsStored;
    const judged = await documentsKnown.account(documents.account, stored ? 'stored' : 'incoming');
    const account = withSecretRules(judged, stored, secrets);
    const origin = documents.flowVersion === undefined ? 'incoming' : 'stored';
    const flow = await documentsKnown.flow(documents.flow, account, origin);
    refuse('INVALID_FLOW', [...under(['account'], account.errors), ...under(['flow'], flow.errors)]);
    if (!account.value || !flow.value) throw new TypeError('A document without errors has a value.');
    const judge = (document: Record<string, unknown>) => documentsKnown.flow(document, judged, 'stored');
    const means = { account: account.value.id, store: options.store, reader, given: options.subflows?.(), judge };
    const inside = await storedSubflows(flow.value, means);
    refuse('INVALID_FLOW', under(['flow'], inside.errors));
    const outdated = [
      ...under(['account'], account.outdated ?? []),
      ...under(
        ['flow'],
        [...(flow.outdated ?? []), ...(documents.beforeDefaults ? newDefaultWarnings(documents.flow) : [])],
      ),
    ];
    if (outdated.length > 0) options.onOutdated?.(account.value.id, flow.value.id, outdated);
    // A call that the engine places keeps to the account's `outbound.atOnce`.
    if (!start.dial && (await options.isFull?.(account.value)))
      throw ApplicationFailure.nonRetryable(CALL_ERRORS.ACCOUNT_BUSY, 'ACCOUNT_BUSY');
    const watched = options.findsBridges ? input.bridge.watched : undefined;
    if (watched !== undefined) options.keepWatch?.(input.bridge);
    const given = Object.entries(start.variables).filter(([, value]) => value !== null);
    const variables = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
    const remembered = await contactVariables(
      start.call,
      account.value,
      [documents.flow, inside.subflows],
      options.store,
      reader,
    );
    const { inputs } = flow.value;
    const known = { ...remembered.variables, ...variables };
    refuse('INVALID_INPUT', under(['variables'], missingInputs(inputs, known)));
    const fitted = fitting(remembered.variables, { ...inputDefaults(inputs, known), ...variables });
    const marked = new Set([
      ...(start.sensitive ?? []).filter((name) => Object.hasOwn(variables, name)),
      ...remembered.sensitive.filter((name) => !Object.hasOwn(variables, name)),
      ...sensitiveInputs(inputs),
    ]);
    const sensitive = Object.keys(fitted).filter((name) => marked.has(name));
    return {
      flow: flow.value,
      account: await withPauseState(account.value, options.store, reader),
      variables: fitted,
      ...(sensitive.length > 0 && { sensitive }),
      ...settings,
      ...(documents.flowVersion !== undefined && { flowVersion: documents.flowVersion }),
      ...(options.store && { keepsReport: true }),
      ...{ heartbeatTimeout: options.heartbeatTimeout?.(), watchesGaps: true },
      ...(watched !== undefined && { watched: watchedNode(input.bridge, watched) }),
      ...(start.bridge.can?.includes('sequence') && { sequences: true }),
      ...(inside.subflows.length > 0 && { storedSubflows: inside.subflows }),
      ...(usesClock([documents.flow, inside.subflows]) && {
        clock: clockOf(account.value, at, options.clockShiftMs?.() ?? 0),
      }),
    };
  };
}

/** Whether a text of the flow may name `$sys`. */
function usesClock(flow: object): boolean {
  return /\$\{?sys\./.test(JSON.stringify(flow));
}

function clockOf({ timeZone }: Account, at: number, shiftMs: number): CallClock {
  return { offsets: zoneOffsets(timeZone, at + shiftMs), ...(shiftMs !== 0 && { shiftMs }) };
}

function bridgeErrors({ url }: { url?: string | undefined }, { urls, signature }: HttpBridgeSettings): Problem[] {
  const message = url === undefined ? null : urls.refusal(url, signature !== null);
  return message === null ? [] : [{ code: 'INVALID_VALUE', pointer: '/bridge/url', message }];
}

function refuse(code: CallErrorCode, problems: Problem[]): void {
  if (problems.length === 0) return;
  const told = fittingFailure(problems);
  const shown = told.slice(0, 20).map(({ pointer, message }) => `${pointer}: ${message}`);
  throw ApplicationFailure.nonRetryable(shown.join('\n'), code, told);
}

/** The first problems, as many as a failure may carry: a larger one could never be told, and the call would never end. */
function fittingFailure(problems: Problem[]): Problem[] {
  const short = problems.map((problem) => ({
    ...problem,
    pointer: problem.pointer.slice(0, MAX_TOLD_CHARACTERS),
    message: problem.message.slice(0, MAX_TOLD_CHARACTERS),
  }));
  let left = MAX_FAILURE_CHARACTERS;
  return short.filter((problem) => (left -= JSON.stringify(problem).length) > 0);
}
