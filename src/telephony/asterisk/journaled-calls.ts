/**
 * The calls of a process before this one, as its journal has them. Contract B3.
 * @module
 */
import type { BridgeCommand } from '../commands.js';
import type { AsteriskCall } from './asterisk-call.js';
import { resumeJoin } from './commands/join-legs.js';
import type { JournalLine, Outcome, Progress } from './journal.js';

/** A command of the journal. */
interface JournaledCommand {
  command: BridgeCommand;
  token: string | undefined;
  progress: Progress | undefined;
  outcome: Outcome | undefined;
}

/** A call of the journal. */
export interface JournaledCall {
  call: AsteriskCall;
  commands: Map<string, JournaledCommand>;
}

type Begins = Extract<JournalLine, { begins: unknown }>['begins'];

/** Puts calls together from the journal; `asterisk` is when the Asterisk that had them was started. */
export function journaledCalls(
  lines: readonly JournalLine[],
  newCall: (id: string, begins: Begins) => AsteriskCall,
): { calls: JournaledCall[]; asterisk: string | undefined } {
  const calls = new Map<string, JournaledCall>();
  const sent = new Set(lines.flatMap((line) => ('sent' in line ? [line.sent] : [])));
  const ends: (() => void)[] = [];
  let asterisk: string | undefined;
  for (const line of lines) {
    if ('asterisk' in line) asterisk = line.asterisk;
    else if ('begins' in line) calls.set(line.call, { call: newCall(line.call, line.begins), commands: new Map() });
    else {
      const known = calls.get(line.call);
      if (known) read(line, known, sent, ends);
    }
  }
  for (const end of ends) end();
  return { calls: [...calls.values()], asterisk };
}

type CallLine = Exclude<JournalLine, { asterisk: string } | { begins: unknown }>;

function read(
  line: CallLine,
  { call, commands }: JournaledCall,
  sent: ReadonlySet<string>,
  ends: (() => void)[],
): void {
  if ('channel' in line) {
    // The call that arrived on a channel has its id; what we dial is there once Asterisk has said so.
    call.adoptLeg(line.leg, line.channel).adopt(line.channel === call.id);
  } else if ('answered' in line) call.legs.get(line.leg)?.adoptAnswer();
  else if ('keys' in line) {
    const leg = call.legs.get(line.leg);
    if (leg) leg.keys = line.keys;
  } else if ('command' in line) {
    const leg = call.legs.get(line.command.leg);
    if (leg && line.command.type === 'dial') leg.detects = line.command.detectMachine === true;
    commands.set(line.command.commandId, { ...line, progress: undefined, outcome: undefined, token: line.token });
  } else if ('event' in line) {
    const { event } = line;
    call.adoptEvent(event, sent.has(event.eventId));
    if (event.type === 'legRinging') (call.legs.get(event.leg) ?? { rang: false }).rang = true;
    if (event.type === 'legEnded') ends.push(() => call.legs.get(event.leg)?.adoptEnd(event));
  } else if ('commandId' in line) {
    const command = commands.get(line.commandId);
    if (command && 'outcome' in line) command.outcome = line.outcome;
    else if (command && 'progress' in line) command.progress = line.progress;
  }
}

/** Gives known outcomes again, and takes up what was under way, once it is known which legs are left. */
export function resumeCommands(
  calls: readonly JournaledCall[],
  completes: ((token: string, outcome: Promise<Outcome>) => void) | undefined,
): void {
  for (const { call, commands } of calls) {
    for (const { command, token, progress, outcome } of sequencesLast([...commands.values()])) {
      const leg = call.legs.get(command.leg);
      if (leg && command.type !== 'sequence') leg.seq = Math.max(leg.seq, command.seq);
      if (outcome) call.adoptOutcome(command.commandId, outcome);
      if (outcome && command.type === 'join' && leg && !leg.gone) void resumeJoin(call.run(command, leg, {}));
      if (outcome && leg && (command.type === 'answer' || command.type === 'dial') && command.record)
        call.adoptWhole(leg, command.record.name);
      const resumed = outcome ? undefined : call.resume(command, progress);
      if (token !== undefined) completes?.(token, resumed ?? Promise.resolve(outcome as Outcome));
    }
  }
}

/** A sequence goes on with its commands, which are to be taken up before it. Contract B7. */
function sequencesLast(commands: JournaledCommand[]): JournaledCommand[] {
  const isSequence = ({ command }: JournaledCommand) => command.type === 'sequence';
  return [...commands.filter((one) => !isSequence(one)), ...commands.filter(isSequence)];
}
