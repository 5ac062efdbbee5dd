/**
 * The activities of a worker, by the names that Temporal's UI shows.
 * @module
 */
import type { AgentClaim } from './agents.js';
import type { FlowEndFacts, FlowEndPayload } from '../engine/call-report.js';
import type { BridgeCommand } from '../telephony/commands.js';
import type { CallInput } from '../telephony/start.js';
import type { EmailTask } from '../engine/email-task.js';
import type { DeliveryNote } from '../store/deliveries.js';
import type { CallRecord } from '../engine/call-record.js';
import type { EndedAtOnce, EndOfCall } from '../engine/end-task.js';
import type { PathEntry } from '../engine/call-report.js';
import type { FunctionTask } from '../engine/function-task.js';
import type { OutboundStanding } from '../engine/outbound-desk.js';
import type { FunctionMethod } from '../flow/internal-functions.js';
import type { DeliveryAttempt, FlowEndDelivery } from '../engine/flow-end-task.js';
import type { OpenedCall } from '../engine/opened-call.js';
import type { Endpoint } from '../engine/deliveries.js';
import type { EndedCall, Look } from '../engine/reconciler.js';
import type { LostCalls } from '../engine/bridge-watch.js';
import type { ReadStart, UnfinishedRecord, UnfinishedRead } from '../engine/unfinished.js';
import type { SpokenOutcome, SpokenTask } from './spoken-forms.js';
import type { DialTask } from './count-dial.js';
import type { DateOutcome, DateTask, HoursOutcome, HoursTask } from './time.js';
import type { RequestOutcome, WebhookTask } from '../engine/webhook-task.js';

/** Every activity of the engine; those of bridges are in `telephony/commands.ts`. */
export type Activities = Record<FunctionMethod, (task: FunctionTask) => Promise<RequestOutcome>> & {
  /** Milliseconds for which the Temporal server has been there without a break, as the worker sees it. */
  serverSteadyMs(): Promise<number>;
  /** `at`: this moment, by the workflow's clock, in milliseconds since 1970. */
  openCall(input: CallInput, at: number): Promise<OpenedCall>;
  postBridgeCommand(url: string, command: BridgeCommand): Promise<unknown>;
  webhook(task: WebhookTask): Promise<RequestOutcome>;
  calculateDate(task: DateTask): Promise<DateOutcome>;
  checkHours(task: HoursTask): Promise<HoursOutcome>;
  speakForms(task: SpokenTask): Promise<SpokenOutcome>;
  sendEmail(task: EmailTask): Promise<RequestOutcome>;
  composeFlowEnd(facts: FlowEndFacts): Promise<FlowEndPayload>;
  claimAgent(request: AgentClaim): Promise<string | null>;
  releaseAgent(given: { account: number; claim: string }): Promise<void>;
  countDial(task: DialTask): Promise<boolean>;
  recordCall(record: CallRecord): Promise<void>;
  noteDelivery(note: DeliveryNote & { accountId: number }): Promise<void>;
  placeOutbound(account: number): Promise<OutboundStanding>;
  countLostCalls(lost: LostCalls): Promise<number>;
  endLostCalls(lost: LostCalls): Promise<number>;
  findEndedCalls(since: string | null): Promise<Look>;
  readRemains(ended: EndedCall): Promise<UnfinishedRead>;
  readStart(ended: EndedCall): Promise<ReadStart>;
  endCall(end: EndOfCall): Promise<EndedAtOnce | null>;
  recordEnded(ended: EndedCall, record: UnfinishedRecord, walked?: readonly PathEntry[]): Promise<void>;
  wakeDeliveries(endpoint: Endpoint, after: number): Promise<number | null>;
  deliverFlowEnd(delivery: FlowEndDelivery): Promise<DeliveryAttempt>;
};
