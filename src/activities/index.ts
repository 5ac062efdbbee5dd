/**
 * The activities of a worker, by the names that Temporal's UI shows.
 * @module
 */
import type { FlowEndFacts, FlowEndPayload } from '../flow/call-report.js';
import type { BridgeCommand } from '../telephony/commands.js';
import type { CallInput } from '../telephony/start.js';
import type { DeliveryAttempt, FlowEndDelivery } from './flow-end.js';
import type { OpenedCall } from './open-call.js';
import type { WebhookOutcome, WebhookTask } from './webhook/task.js';

/** Every activity of the engine; those of bridges are in `telephony/commands.ts`. */
export type Activities = {
  openCall(input: CallInput): Promise<OpenedCall>;
  postBridgeCommand(url: string, command: BridgeCommand): Promise<unknown>;
  webhook(task: WebhookTask): Promise<WebhookOutcome>;
  composeFlowEnd(facts: FlowEndFacts): Promise<FlowEndPayload>;
  deliverFlowEnd(delivery: FlowEndDelivery): Promise<DeliveryAttempt>;
};
