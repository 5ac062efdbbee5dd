/**
 * Requests that take back what webhooks did, as workflows, activities, store and API pass them on. Contract H10.
 * @module
 */
import type { WebhookTask } from './webhook-task.js';
import type { Outcome } from './call-report.js';

const SUFFIX = '/undo';

/** One request to send, with the values of its variables. */
export type UndoItem = Pick<WebhookTask, 'idempotencyKey' | 'request' | 'variables' | 'sensitive' | 'rules'> & {
  /** The webhook whose doing it takes back, as the call's path names it. */
  widget: string;
};

/** An undo as a widget declared it. `asked`: its webhook is under way; `due`: its webhook did what it takes back. */
export interface DeclaredUndo extends UndoItem {
  visit: number;
  on: readonly Outcome[];
  unknown: boolean;
  state: 'asked' | 'due' | 'kept' | 'undone' | 'onItsWay';
}

/** Requests that left their call, in their order. */
export interface UndoDelivery {
  undo: UndoItem[];
  /** Workflow id of the call. */
  call: string;
  /** Set when there is a store, which keeps how it goes: attempts that were made before. */
  record?: { attempts: number };
  /** Nobody has tried just before: the first attempt does not wait. */
  atOnce?: true;
}

/** The id of what a call undoes after its end: of the workflow, and of its row in the store. */
export function undoId(call: string): string {
  return `${call}${SUFFIX}`;
}

/** Whether the id of a delivery is that of undo requests, and not of a flow end. */
export function isUndoId(id: string): boolean {
  return id.endsWith(SUFFIX);
}

/** The key of an undo request, by that of its webhook. Contract W8. */
export function undoKey(idempotencyKey: string): string {
  return `${idempotencyKey}${SUFFIX}`;
}
