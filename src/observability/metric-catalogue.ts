/**
 * Every metric of ours, in one catalogue: `docs/reference/metrics.md` is this table, and a test compares the two.
 *
 * A label has one of the values that stand here, so that no number, name or body can get into one (C6). Only `target` is
 * open: `targets.ts` says what may stand there, and how many.
 * @module
 */
import { BRIDGE_ERRORS, type CommandType } from '../telephony/commands.js';
import { CALL_ERRORS, type CallErrorCode, WEBHOOK_REASONS, type WebhookReason } from '../flow/errors.js';

/** The commands of a bridge. */
const BRIDGE_COMMANDS = [
  'answer',
  'play',
  'collect',
  'record',
  'dial',
  'join',
  'transfer',
  'hold',
  'stop',
  'hangUp',
  'status',
  'sequence', // prettier-ignore
] as const satisfies readonly CommandType[];

/** What a metric is. */
export interface MetricFacts {
  kind: 'counter' | 'gauge' | 'histogram';
  /** Of its value: `seconds`, or what is counted. */
  unit: string;
  /** The values of each label; `any`: see the label. */
  labels: Readonly<Record<string, readonly string[] | 'any'>>;
  /** What it measures, for Prometheus and for the docs. */
  help: string;
  /** Upper bounds of a histogram. */
  buckets?: readonly number[];
}

/** What every label of reasons may hold; `none`: it went well. */
const reason = ['none', ...(Object.keys(WEBHOOK_REASONS) as WebhookReason[])] as const;
const SENDING_BUCKETS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60] as const;

/** The metrics, by name. */
export const METRICS = {
  hookline_calls_total: {
    kind: 'counter',
    unit: 'calls',
    labels: {
      outcome: ['completed', 'hungUp', 'failed', 'cancelled', 'refused'],
      error: ['none', ...(Object.keys(CALL_ERRORS) as CallErrorCode[]), 'other'],
    },
    help: 'Calls that ended, by outcome and by the code of their error; `refused`: the start was not valid',
  },
  hookline_webhook_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    labels: { reason, target: 'any' },
    help: 'Webhooks and text messages from the first attempt to the outcome, by reason and by target',
    buckets: SENDING_BUCKETS,
  },
  hookline_webhook_circuits: {
    kind: 'gauge',
    unit: 'targets',
    labels: { state: ['open', 'halfOpen'] },
    help: 'Targets that a worker could not connect to lately, by the state of their circuit',
  },
  hookline_function_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    labels: {
      method: ['createOutbound', 'shortURL', 'updateUserPreferences', 'updatePauseStatusForCLI'],
      reason,
    },
    help: 'Internal functions from the first attempt to the outcome, by reason',
    buckets: SENDING_BUCKETS,
  },
  hookline_email_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    labels: { reason },
    help: 'Emails from the first attempt to the outcome, by reason',
    buckets: SENDING_BUCKETS,
  },
  hookline_hold_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    labels: {},
    help: 'How long the hold tune played, each time that it did',
    buckets: [0.5, 1, 2, 5, 10, 20, 30, 60, 120],
  },
  hookline_flow_end_attempts_total: {
    kind: 'counter',
    unit: 'attempts',
    labels: { result: ['delivered', 'failed'] },
    help: 'Attempts to deliver a flow end',
  },
  hookline_deliveries: {
    kind: 'gauge',
    unit: 'deliveries',
    labels: { state: ['pending', 'dead'] },
    help: 'Flow ends that were not delivered with their calls, of the whole deployment: every worker reports the same',
  },
  hookline_undos: {
    kind: 'gauge',
    unit: 'calls',
    labels: { state: ['pending', 'dead'] },
    help: 'Calls whose undo requests were not taken with the call: every worker with a store reports the same',
  },
  hookline_endpoints_paused: {
    kind: 'gauge',
    unit: 'endpoints',
    labels: {},
    help: 'Endpoints of flow ends that have failed for long and are paused: every worker with a store reports the same',
  },
  hookline_contracts_drifting: {
    kind: 'gauge',
    unit: 'widgets',
    labels: {},
    help: 'Widgets of which more than 1 % of at least 200 answers of the last hour broke their contract: every worker with a store reports the same',
  },
  hookline_outbound_calls: {
    kind: 'gauge',
    unit: 'calls',
    labels: { state: ['waiting', 'underWay'] },
    help: 'Outbound calls, of the whole deployment: every worker with a store reports the same',
  },
  hookline_outbound_placed_total: {
    kind: 'counter',
    unit: 'calls',
    labels: { result: ['placed', 'refused'] },
    help: 'Outbound calls that were started, or could not be for their flow is not published',
  },
  hookline_bridge_asterisk_up: {
    kind: 'gauge',
    unit: 'nodes',
    labels: {},
    help: 'Whether the Asterisk of a bridge node answers (1) or not (0)',
  },
  hookline_bridge_calls: {
    kind: 'gauge',
    unit: 'calls',
    labels: {},
    help: 'Calls of a bridge node with a leg that has not ended',
  },
  hookline_bridge_events_waiting: {
    kind: 'gauge',
    unit: 'events',
    labels: {},
    help: 'Events of a bridge node that the engine has not taken yet',
  },
  hookline_bridge_commands_total: {
    kind: 'counter',
    unit: 'commands',
    labels: { type: [...BRIDGE_COMMANDS, 'other'], outcome: ['done', 'legGone', 'superseded', ...BRIDGE_ERRORS] },
    help: 'Commands that a bridge node was given, by type and by what came of them',
  },
  hookline_bridge_arrivals_total: {
    kind: 'counter',
    unit: 'calls',
    labels: { result: ['started', 'unknownNumber', 'refused', 'noAnswer'] },
    help: 'Calls that arrived at a bridge node, by what became of them: `noAnswer`, the engine could not be reached in time',
  },
  hookline_dials_refused_total: {
    kind: 'counter',
    unit: 'dials',
    labels: { reason: ['notAllowed', 'perDay', 'notCounted'] },
    help: 'Numbers that were not dialled for the limits of their account (`dialling`): not on its list, too many in a day, or the store did not say how many',
  },
  hookline_loop_held_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    labels: {},
    help: 'How long the main thread of a worker was held, each time that it was for 0.1 s or more',
    buckets: [0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
  },
  hookline_recovery_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    labels: {},
    help: 'Sendings that a worker took over from one that died: from when they were due until they were taken over',
    buckets: [1, 2, 3, 4, 5, 7.5, 10, 15, 30, 60],
  },
} as const satisfies Record<string, MetricFacts>;

/** The name of a metric. */
export type MetricName = keyof typeof METRICS;
/** The metrics of a kind. */
export type MetricOf<K extends MetricFacts['kind']> = {
  [N in MetricName]: (typeof METRICS)[N]['kind'] extends K ? N : never;
}[MetricName];
/** The labels of a metric, each with the values that it may have. */
export type LabelsOf<N extends MetricName> = {
  [L in keyof (typeof METRICS)[N]['labels']]: (typeof METRICS)[N]['labels'][L] extends readonly (infer V extends
    string)[]
    ? V
    : string;
};
