/**
 * What the workflow and the `webhook` activity send each other. Types only. Contract W, R, V6.
 * @module
 */
import type { WebhookReason } from '../flow/errors.js';
import type { WidgetOf } from '../flow/widgets/index.js';
import type { HeldSecret } from './held-secret.js';

type WebhookWidget = WidgetOf<'webhook'>;

/** What binds every outgoing request of an account, with only the secrets that this request uses. Contract W2, W3, W11. */
export interface TargetRules {
  accountId: number;
  httpEnabled: boolean;
  targetAllowList: readonly string[];
  secrets: Readonly<Record<string, HeldSecret>>;
}

/** One request to make: the widget's settings and the values of the variables it uses. */
export interface WebhookTask {
  /** `<workflow id>/<widget>/<visit>`, the same over every attempt. Contract W8. */
  idempotencyKey: string;
  request: WebhookWidget['request'];
  response: WebhookWidget['response'];
  retry: WebhookWidget['retry'];
  /** Set when the status alone settles it: any 2xx is a success, whatever becomes of the answer's body. Contract W13. */
  settledBy?: 'status';
  /** Seconds within which the full answer must be there, retries included. Contract H1, H4. */
  timeout: number;
  /** Whether the caller waits: then a crash of the worker takes none of the time back. Contract H1, H3. */
  waited: boolean;
  /** Values by full name (`$flow.key.NAME`), only those that the request uses; one that is missing here is absent. */
  variables: Readonly<Record<string, string>>;
  /** The names of those whose values are sensitive; left out: none. Contract V7. */
  sensitive?: readonly string[];
  rules: TargetRules;
  /** For whom an answer is kept or counted, where the widget reuses answers or has a contract. Contract R10, R11. */
  keeping?: {
    /** Id of the flow, or of the subflow. */
    flow: string;
    /** Number of the other party. */
    contact: string;
    countryCode?: string | undefined;
  };
}

/** One variable to write; null makes it absent. */
export type Write = readonly [saveIn: string, value: string | null];

/**
 * How a webhook, function, text message or email ended: everything that R2's result variables and the timeline need. The
 * `statusCode` of an email is SMTP's.
 */
export interface RequestOutcome {
  /** `success` is line 0, `failure` line 1. Contract R1. */
  line: 'success' | 'failure';
  /** HTTP status, when an answer came. */
  statusCode?: number;
  /** Of the last attempt, in seconds with at most 3 decimals. */
  duration: number;
  /** The answer's text, cut to 64 KiB on a character boundary; absent when there was no body. Contract R8. */
  raw?: string | undefined;
  /** Whether `raw` was cut. */
  truncated: boolean;
  /** Why it failed. Contract R3. */
  reason?: WebhookReason;
  /** The reason in words that a flow author understands; holds no secret. */
  detail?: string;
  /** Writes of the mapping rows in order, array fan-out and clearing included; on failure those of `onFailure`. Contract R5-R7. */
  rows: Write[];
  /** The `saveIn` of each row that wrote: what is left of an earlier array there is cleared. Absent: none wrote. Contract R5. */
  savedIn?: string[];
  /** Where the answer breaks its contract, ten places at most; left out: it was judged by none. Contract R10. */
  mismatches?: { at: string; expected: string }[];
  /** Of an answer that was kept: the seconds since then, and whether it stands in for a failure. Contract R11. */
  age?: number;
  stale?: boolean;
  /** Set when a kept answer is of a request that held a sensitive value. Contract V7. */
  sensitive?: true;
  /** How many requests were sent, 0 when none was. */
  attempts: number;
}
