/**
 * What happens on the side of the parties, for output and tests. Contract D6.
 * @module
 */

/**
 * One thing that happened to a party, at a time of the simulated clock. `sensitive`: it is masked where it is shown, because the
 * command says so. Contract V7.
 */
export type PartyEvent = { at: string; callId: string; leg: string; sensitive?: true } & PartyEventFields;

/** What happened. Not an event of the bridge: the call does not receive it. */
export type PartyEventFields =
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
  /** A party that the caller file does not script, on its number, was joined: it hangs up after 10 s. */
  | { kind: 'unscripted'; text: string }
  /** The party hangs up. */
  | { kind: 'hangsUp' }
  /** We hang up, with a Q.850 cause. */
  | { kind: 'ended'; cause: number }
  /** An event could not be brought to the call's workflow. */
  | { kind: 'eventLost'; text: string };
