/**
 * What happens on the caller's side, for whoever prints or tests it. Contract D6.
 * @module
 */

/** One thing that happened on the caller's side. */
export type Heard = { at: string; callId: string; leg: string } & HeardWhat;

/** What happened. */
export type HeardWhat =
  /** A prompt begins: its text, or `[file NAME]`. */
  | { kind: 'hears'; text: string }
  /** Keys are pressed. */
  | { kind: 'presses'; text: string }
  /** Words are spoken; nobody recognises them. */
  | { kind: 'says'; text: string }
  /** The hold tune begins: its name, or `''` for the bridge's own. */
  | { kind: 'hold'; text: string }
  | { kind: 'holdEnds' }
  /** While another party is rung: `ring`, `earlyMedia` or `hold`. */
  | { kind: 'ringing'; text: string }
  /** The party of this leg can speak with the one of another. */
  | { kind: 'joined'; text: string }
  /** The party is handed over. */
  | { kind: 'transferred'; text: string }
  | { kind: 'answered' }
  /** The caller hangs up. */
  | { kind: 'hangsUp' }
  /** We hang up, with a Q.850 cause. */
  | { kind: 'ended'; cause: number }
  /** An event could not be brought to the call's workflow. */
  | { kind: 'eventLost'; text: string };
