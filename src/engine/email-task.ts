/**
 * What the workflow and the `sendEmail` activity send each other. Types only. Contract W3, W11, R2.
 * @module
 */
import type { Account } from '../flow/documents/account.js';
import type { EmailFields } from '../flow/messages/email-content.js';
import type { TargetRules } from './webhook-task.js';

/** One email to send: the widget's fields and the values of the variables they use. */
export interface EmailTask {
  /** `<workflow id>/<widget>/<visit>`, the same over every attempt; the Message-ID comes from it. */
  idempotencyKey: string;
  email: EmailFields;
  smtp: NonNullable<Account['smtp']>;
  /** Seconds within which the mail server must have taken the email, repeats included. */
  timeout: number;
  /** Always: a crash of the worker gives none of the time back. */
  waited: boolean;
  /** Values by full name, only those that the email uses. */
  variables: Readonly<Record<string, string>>;
  /** The names of those whose values are sensitive; left out: none. Contract V7. */
  sensitive?: readonly string[];
  rules: TargetRules;
}
