/**
 * The activities of a worker, by the names that Temporal's UI shows.
 * @module
 */
import type { AgentRequest } from '../flow/agents.js';
import type { FlowEndFacts, FlowEndPayload } from '../flow/call-report.js';
import type { CallInput } from '../telephony/start.js';
import type { EmailOutcome, EmailTask } from './email/task.js';
import type { DeliveryAttempt, FlowEndDelivery } from './flow-end.js';
import type { OpenedCall } from './open-call.js';
import type { DateOutcome, DateTask, HoursOutcome, HoursTask } from './time.js';
import type { WebhookOutcome, WebhookTask } from './webhook/task.js';

/** Every activity of the engine; those of bridges are in `telephony/commands.ts`. */
export type Activities = {
  openCall(input: CallInput): Promise<OpenedCall>;
  webhook(task: WebhookTask): Promise<WebhookOutcome>;
  calculateDate(task: DateTask): Promise<DateOutcome>;
  checkHours(task: HoursTask): Promise<HoursOutcome>;
  sendEmail(task: EmailTask): Promise<EmailOutcome>;
  composeFlowEnd(facts: FlowEndFacts): Promise<FlowEndPayload>;
  claimAgent(request: AgentRequest & { account: number }): Promise<string | null>;
  releaseAgent(given: { account: number; claim: string }): Promise<void>;
  deliverFlowEnd(delivery: FlowEndDelivery): Promise<DeliveryAttempt>;
};
