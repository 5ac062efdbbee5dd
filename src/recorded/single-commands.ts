/**
 * The commands of sequences as if each had been given alone, in their order among the events of the call. Contract B7.
 * @module
 */
import type { BridgeCommand, ListedResult } from '../telephony/commands.js';
import type { BridgeEvent } from '../telephony/events.js';
import { readListed } from '../telephony/messages.js';
import type { Activity, Moment } from './history.js';

type Sequence = Extract<BridgeCommand, { type: 'sequence' }>;

/** A command of a sequence, with the bridge's time at which it ended; without end for one that was not done when all ended. */
interface Single {
  activity: Activity;
  /** Milliseconds; null where nobody knows. */
  endedAt: number | null;
}

/** The moments of a history with each sequence replaced by its commands. */
export function singleCommands(moments: readonly Moment[]): Moment[] {
  const single: Moment[] = [];
  /** Commands that are still to come, by the sequence that has them. */
  let waiting: { sequence: Activity; singles: Single[] } | null = null;
  for (const moment of moments) {
    if (moment.kind === 'signal') {
      if (waiting) until(moment.event as BridgeEvent, waiting.singles, single);
      single.push(moment);
      continue;
    }
    const { activity } = moment;
    const command = sequenceOf(activity);
    if (!command) single.push(moment);
    else if (moment.kind === 'began') {
      waiting = { sequence: activity, singles: singlesOf(command, activity) };
      begin(waiting.singles, single);
    } else if (waiting?.sequence === activity) {
      until(null, waiting.singles, single);
      waiting = null;
    }
  }
  return single;
}

/** Ends the commands that ended before an event, or all of them, each followed by the beginning of the next. */
function until(event: BridgeEvent | null, singles: Single[], moments: Moment[]): void {
  for (let [first] = singles; first && (event === null || endedBefore(first, event)); [first] = singles) {
    moments.push({ kind: 'ended', activity: first.activity });
    singles.shift();
    begin(singles, moments);
  }
}

/** An event comes before the result that it explains; a key in the moment of an end is one for the next command. */
function endedBefore({ activity, endedAt }: Single, event: BridgeEvent): boolean {
  if (endedAt === null) return false;
  const at = Date.parse(event.at);
  const command = activity.input as BridgeCommand;
  const takesKeys = command.type === 'collect' || (command.type === 'play' && command.bargeIn === true);
  return endedAt < at || (endedAt === at && event.type === 'digits' && !takesKeys);
}

function begin([next]: readonly Single[], moments: Moment[]): void {
  if (next) moments.push({ kind: 'began', activity: next.activity });
}

/** The commands of a sequence that were begun. */
function singlesOf({ commands }: Sequence, sequence: Activity): Single[] {
  const results = sequence.error === null ? readListed(sequence.result) : [];
  const times = results.map((result) => timeOf(result));
  const last = times.findLast((time) => time !== null) ?? null;
  let began = sequence.at;
  return commands.slice(0, Math.max(1, results.length)).map((input, index) => {
    const [result, endedAt = null] = [results[index], times[index]];
    const error = result && 'error' in result ? result.error.type : sequence.error;
    // The server's time: as far before the end of the sequence as the bridge's.
    const behind = endedAt !== null && last !== null ? last - endedAt : 0;
    const ended = sequence.endedAt === null ? null : sequence.endedAt - behind;
    const activity = { type: sequence.type, input, at: began, endedAt: ended, error, result: resultOf(result) };
    began = ended ?? began;
    return { activity, endedAt };
  });
}

function resultOf(result: ListedResult | undefined) {
  return result && 'result' in result ? result : undefined;
}

function timeOf(result: ListedResult | undefined): number | null {
  return result && 'at' in result && result.at !== undefined ? Date.parse(result.at) : null;
}

function sequenceOf({ input }: Activity): Sequence | undefined {
  const command = input as Partial<BridgeCommand> | undefined;
  return command?.type === 'sequence' ? (command as Sequence) : undefined;
}
