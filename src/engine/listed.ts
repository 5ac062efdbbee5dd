/**
 * A list of commands that a call gives together, with what goes with each command in the report. Types only. Contract B7.
 * @module
 */
import type { Assignment } from '../flow/values/variables.js';
import type { BridgeCommand, CommandFields, ListedType } from '../telephony/commands.js';
import type { PathEntry } from './call-report.js';

/** A command of a list that is being made. */
export type Listed = {
  [T in ListedType]: {
    type: T;
    fields: CommandFields[T];
    /** Whether what it says or gathers is. Contract V7. */
    sensitive: boolean;
    /** The key of its widget; null for the hang-up with which a call ends. */
    widget: string | null;
    /** Widgets without a command that the call goes through before it, with the lines they take. */
    passed: PathEntry[];
    /** Variables that those write. */
    writes: Assignment[];
    /** Its own widget with the line that it takes when the command is done; null where that is not known, or there is none. */
    entry: PathEntry | null;
  };
}[ListedType];

/** A sequence that is out, with the list that it was made of. */
export interface SequenceUnderWay {
  command: BridgeCommand;
  list: readonly Listed[];
}
