/**
 * The activities of the worker that runs calls, and what they are made of.
 * @module
 */
import { activityInfo, getClient } from '@temporalio/activity';
import { type NativeConnection, Runtime } from '@temporalio/worker';
import { createClaimAgent, releaseAgent } from '../activities/agents.js';
import { AttemptLog } from '../activities/endpoints/attempt-log.js';
import { type BridgeTimes, createPostBridgeCommand } from '../activities/post-bridge-command.js';
import { createRecordCall, createRecordEnded } from '../activities/call-record.js';
import { createNoteDelivery } from '../activities/flow-end/delivery-record.js';
import { createEndCall } from '../activities/flow-end/end-call.js';
import { QuickEndpoints } from '../activities/endpoints/quick-endpoints.js';
import { createSendEmail } from '../activities/send-email.js';
import { EndpointWatch } from '../activities/endpoints/endpoint-watch.js';
import { createCountDial } from '../activities/count-dial.js';
import { countLostCalls, endLostCalls } from '../activities/lost-calls.js';
import { findEndedCalls } from '../activities/find-ended-calls.js';
import { composeFlowEnd, createDeliverFlowEnd, type DeliveryStore } from '../activities/flow-end/flow-end.js';
import { createFunctionActivities, type FunctionActivityOptions } from '../activities/functions.js';
import type { Activities } from '../activities/index.js';
import { createOpenCall, type OpenCallOptions } from '../calls/open-call.js';
import { type CallLimits, DEFAULT_LIMITS } from '../engine/opened-call.js';
import { createPlaceOutbound } from '../activities/outbound-desk.js';
import { heartbeatTimeout } from '../activities/heartbeat.js';
import { createReadStart, readUnfinished } from '../activities/unfinished.js';
import { speakForms } from '../activities/spoken-forms.js';
import { createCalculateDate, createCheckHours } from '../activities/time.js';
import { createResumeDeliveries } from '../activities/flow-end/resume-deliveries.js';
import { startResume } from '../calls/resume-deliveries.js';
import type { SecretSettings } from '../http/secret-settings.js';
import type { Sender } from '../http/send.js';
import { createWebhookActivities } from '../activities/webhook.js';
import { CallGate } from '../calls/call-gate.js';
import { StoreReader } from '../calls/store-reader.js';
import { WatchKeeper } from '../calls/watched-node.js';
import type { Endpoint } from '../engine/deliveries.js';
import type { Problem } from '../flow/errors.js';
import type { Store } from '../store/store.js';
import { type HttpBridgeSettings, httpBridgeSettings } from '../telephony/http/bridge-http-settings.js';
import type { RecordSpan } from '../observability/span.js';
import type { ProxySettings } from '../http/connections/proxy-settings.js';
import { callSender } from './call-sender.js';
import { ContractWatch } from '../activities/contract-watch.js';
import { watchServer } from './server-watch.js';
import { DEFAULT_PUBLIC_URL } from './worker-settings.js';

/** What the activities are made of. */
export interface CallActivitiesOptions {
  connection: NativeConnection;
  /** Whether the server was away when this process began, default false. Contract B5. */
  serverJustBack?: boolean;
  /** Whether the server knows our search attributes; without them calls run anyway. */
  searchAttributes: boolean;
  /** Whether it knows `HooklineBridge`, default false: then no bridge node is watched as a whole. Contract B8. */
  findsBridges?: boolean;
  /** Each default as in {@link DEFAULT_LIMITS}. */
  limits?: Partial<CallLimits>;
  /** Whether accounts may exempt targets from W11, default true. */
  accountTargetLists?: boolean;
  /** The proxy through which requests go; default: none. Contract W12. */
  proxy?: ProxySettings | undefined;
  /** Milliseconds added to the clock by which a call judges business hours and of its `$sys`, by its workflow id: for tests. Default 0. */
  clockShiftMs?: (workflowId: string) => number;
  /** Flows that stand in for stored ones in a call, by their ids, by its workflow id: for tests. Default: none. */
  subflows?: (workflowId: string) => Readonly<Record<string, Record<string, unknown>>>;
  /** Opens the store when it is first needed; default: none, and calls come with their documents. */
  store?: (() => Promise<Store>) | undefined;
  /** The system that carries out functions which accounts point at no other for; default: this one. Contract F6. */
  functionsElsewhere?: FunctionActivityOptions['elsewhere'];
  /** Below which short links are followed, default `http://127.0.0.1:8180`. Contract F2. */
  publicUrl?: string;
  /** Which places the secrets of accounts may name; default: their own, and no folder. Contract D3. */
  secrets?: SecretSettings;
  /** How bridges are reached over HTTP; default: unsigned, and on this machine alone. Contract B6. */
  http?: HttpBridgeSettings;
  /** How patient it is with bridges over HTTP. Contract B5. */
  bridgeTimes?: Partial<BridgeTimes>;
  /** Sends the requests of calls, and knows their secrets; default: one of its own. */
  sender?: Sender | Promise<Sender>;
  /** Whether report and flow end are steps of their own, which a test answers one by one; default false. */
  endsApart?: boolean;
  /** Takes the spans of calls; default: nobody wants them. */
  record?: RecordSpan | undefined;
}

/** Makes all of them. */
export async function callActivities(options: CallActivitiesOptions): Promise<Activities> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const http = options.http ?? httpBridgeSettings({});
  const accountTargetLists = options.accountTargetLists ?? true;
  const { findsBridges = false, searchAttributes, store, secrets, proxy } = options;
  const sender =
    (await options.sender) ?? callSender({ accountTargetLists, record: options.record, places: secrets, proxy, store });
  const watches = new WatchKeeper(getClient, (error) => {
    const fault = error instanceof Error ? error.name : typeof error;
    Runtime.instance().logger.warn(`the watch of a bridge node cannot be started (${fault})`);
  });
  let gate: CallGate | undefined;
  const isFull: OpenCallOptions['isFull'] = (account) => {
    gate ??= new CallGate(getClient(), searchAttributes);
    return gate.isFull(account, activityInfo().workflowExecution?.workflowId ?? '');
  };
  const opening = { limits, searchAttributes, findsBridges, http, store, ...(secrets && { secrets }) };
  const keepWatch: OpenCallOptions['keepWatch'] = (bridge) => watches.keep(bridge, activityInfo().taskQueue);
  const quick = new QuickEndpoints();
  const deliver = createDeliverFlowEnd(sender, store && deliveryBooks(store), quick);
  const record = createRecordCall(store);
  const steadyMs = watchServer(options.connection, options.serverJustBack ?? false);
  return {
    serverSteadyMs: () => Promise.resolve(steadyMs()),
    openCall: createOpenCall({
      ...{ ...opening, isFull, heartbeatTimeout, keepWatch, onOutdated: warnOfOutdated },
      subflows: () => options.subflows?.(activityInfo().workflowExecution?.workflowId ?? '') ?? {},
      clockShiftMs: () => options.clockShiftMs?.(activityInfo().workflowExecution?.workflowId ?? '') ?? 0,
      reader: new StoreReader(warnOfStore),
      endsAtOnce: !options.endsApart,
    }),
    ...createFunctionActivities({
      ...{ store, sender, publicUrl: options.publicUrl ?? DEFAULT_PUBLIC_URL },
      elsewhere: options.functionsElsewhere,
    }),
    countDial: createCountDial(store),
    recordCall: record,
    endCall: createEndCall({ compose: composeFlowEnd, deliver, record, quick }),
    ...{ countLostCalls, endLostCalls, findEndedCalls },
    readRemains: readUnfinished,
    // A call that has ended is never too many, and uses no secret any more.
    readStart: createReadStart(createOpenCall({ ...opening, secrets: { places: 'anywhere', secretsDir: null } })),
    recordEnded: createRecordEnded(store),
    noteDelivery: createNoteDelivery(store),
    placeOutbound: createPlaceOutbound(store, searchAttributes),
    postBridgeCommand: createPostBridgeCommand(http, options.bridgeTimes),
    ...createWebhookActivities({}, sender, store && new ContractWatch(store)),
    claimAgent: createClaimAgent(store),
    releaseAgent,
    calculateDate: createCalculateDate(options.clockShiftMs),
    checkHours: createCheckHours(options.clockShiftMs),
    speakForms,
    sendEmail: createSendEmail({ accountTargetLists, secrets: sender.secrets }),
    composeFlowEnd,
    deliverFlowEnd: deliver,
    wakeDeliveries: createResumeDeliveries(store),
  };
}

/** Logs where stored documents of a call break rules that are newer, without a value of theirs. Contract C4, C6. */
function warnOfOutdated(account: number, flow: string, problems: readonly Problem[]): void {
  const places = problems.slice(0, 20).map(({ code, pointer }) => `${code} at ${pointer}`);
  const message = `A stored document breaks rules that are newer than it: ${places.join(', ')}`;
  Runtime.instance().logger.warn(message, { account, flow });
}

/** Logs that calls start without the store. */
function warnOfStore(): void {
  Runtime.instance().logger.warn('the store is away: calls start without it');
}

/** What it keeps of flow ends. Alerts go to the log of the process. */
function deliveryBooks(store: () => Promise<Store>): DeliveryStore {
  const alert = (message: string) => void Runtime.instance().logger.error(message);
  const release = (freed: Endpoint & { id: number }) => startResume(getClient(), activityInfo().taskQueue, freed);
  return { endpoints: new EndpointWatch(store, alert, release), attempts: new AttemptLog(store) };
}
