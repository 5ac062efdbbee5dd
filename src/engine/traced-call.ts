/**
 * What a call reports to traces when it has ended, or continues as new. Types only. Contract C6.
 * @module
 */
import type { Outcome } from './call-report.js';
import type { WidgetType } from '../flow/widgets/index.js';

/** One execution of a widget. Times are milliseconds since 1970, by the server's clock. */
export interface TracedWidget {
  widget: string;
  type: WidgetType;
  /** 1 for its first execution in the call. */
  visit: number;
  /** The `subflow` widget that it ran in, by its place in the list; null for a widget of the flow itself. */
  within: number | null;
  /** The line that it left by; null for one that was cut. */
  line: string | null;
  start: number;
  /** Null while it continues in the next run of its call. */
  end: number | null;
}

/** A call that ended, or continues as new, without anything that a caller said or a target answered. */
export interface TracedCall {
  account: number;
  flow: string;
  flowVersion: number | null;
  /** Null when it continues as new. */
  outcome: Outcome | null;
  /** Of the error that it failed with. */
  code: string | null;
  start: number;
  end: number;
  /** Those of this run, in the order in which they were entered. */
  widgets: TracedWidget[];
}
