/**
 * A history as it is shown: in place of what is sensitive stands a mask. Of keys that nobody asked for, those of a party that
 * is asked for a sensitive value anywhere in the call are masked, too: such a value may be entered early or late. Contract V7.
 * @module
 */
import type { EmailTask } from '../engine/email-task.js';
import type { FunctionTask } from '../engine/function-task.js';
import { maskedOutcome } from '../engine/masked-outcome.js';
import type { OpenedCall } from '../engine/opened-call.js';
import type { RequestOutcome, WebhookTask } from '../engine/webhook-task.js';
import { rowsOf } from '../flow/values/response-rows.js';
import { madeOfInputs } from '../flow/internal-functions.js';
import { MASK, maskedValues } from '../flow/values/mask.js';
import type { BridgeCommand, CommandResult } from '../telephony/commands.js';
import type { BridgeEvent } from '../telephony/events.js';
import { CALLEES_NUMBER, type CallInput } from '../telephony/start.js';
import type { Activity, CallHistory, Moment } from './history.js';

type Task = WebhookTask | FunctionTask | EmailTask;

/** The history of a call that began, masked, and whether anything of it is. */
export function maskedHistory(history: CallHistory): { history: CallHistory; masks: boolean } {
  const input = history.input as CallInput;
  const opened = history.local.get('openCall') as OpenedCall;
  const shown = { ...opened, variables: maskedValues(opened.variables, opened.sensitive) };
  const copies = new Map<Activity, Activity>();
  const copyOf = (activity: Activity) => {
    const copy = copies.get(activity) ?? maskedActivity(activity);
    copies.set(activity, copy);
    return copy;
  };
  const keys = new Keys(history.moments);
  const moments = history.moments.flatMap((moment): Moment[] => {
    if (moment.kind === 'signal') return keys.shown(moment);
    keys.pass(moment);
    return [{ ...moment, activity: copyOf(moment.activity) }];
  });
  const masks =
    (opened.sensitive?.length ?? 0) > 0 || keys.masked || [...copies].some(([activity, copy]) => activity !== copy);
  const masked = {
    ...history,
    input: maskedInput(input),
    local: new Map([...history.local, ['openCall', shown]]),
    moments,
  };
  return { history: masked, masks };
}

/** The start of a call, as far as its record shows it. */
function maskedInput(input: CallInput): CallInput {
  if (input.call.direction !== 'outbound' || !input.sensitive?.includes(CALLEES_NUMBER)) return input;
  return { ...input, call: { ...input.call, to: MASK } };
}

/** The same activity where nothing of it is sensitive. */
function maskedActivity(activity: Activity): Activity {
  if (isCommand(activity)) {
    const command = activity.input as BridgeCommand;
    if (command.sensitive !== true) return activity;
    return { ...activity, input: maskedCommand(command), result: maskedResult(activity.result as CommandResult) };
  }
  const { input } = activity;
  if (typeof input !== 'object' || input === null || !('idempotencyKey' in input && 'variables' in input))
    return activity;
  const task = input as Task;
  const rows = writtenRows(task);
  // A kept answer may be of a request that held one, where this one does not.
  const held = (task.sensitive?.length ?? 0) > 0 || (activity.result as RequestOutcome | undefined)?.sensitive === true;
  if (!held && !rows.some(({ sensitive }) => sensitive)) return activity;
  const variables = maskedValues(task.variables, task.sensitive);
  const outcome = activity.result as RequestOutcome | undefined;
  return { ...activity, input: { ...task, variables }, result: outcome && maskedOutcome(outcome, rows, held) };
}

function writtenRows(task: Task): readonly { saveIn: string; sensitive?: boolean }[] {
  if ('response' in task) return rowsOf(task.response);
  if ('email' in task) return [];
  return madeOfInputs(task.method, (name) => task.sensitive?.includes(name) === true);
}

function maskedCommand(command: BridgeCommand): BridgeCommand {
  return {
    ...command,
    ...('prompts' in command && {
      prompts: command.prompts.map((prompt) => ('text' in prompt ? { text: MASK } : { file: MASK })),
    }),
    ...('to' in command && { to: MASK, from: MASK }),
  };
}

function maskedResult(result: CommandResult | undefined): CommandResult | undefined {
  return result?.result === 'done' && result.digits ? { ...result, digits: MASK } : result;
}

function isCommand({ type }: Activity): boolean {
  return type === 'bridgeCommand' || type === 'postBridgeCommand';
}

/** The keys of parties: those of a sensitive command are one mask. */
class Keys {
  /** Whether any was masked. */
  masked = false;
  /** Legs on which a sensitive value is asked for. */
  readonly #legs: Set<string>;
  /** Commands that take keys, under way, by leg. */
  readonly #listening = new Map<string, Activity>();
  /** Commands of which a mask stands already. */
  readonly #told = new Set<Activity>();

  constructor(moments: readonly Moment[]) {
    const commands = moments.flatMap((moment) =>
      moment.kind === 'began' && isCommand(moment.activity) ? [moment] : [],
    );
    const gathering = commands.map(({ activity }) => activity.input as BridgeCommand).filter(gathersSensitive);
    this.#legs = new Set(gathering.map(({ leg }) => leg));
  }

  /** A command begins or ends. */
  pass({ kind, activity }: Extract<Moment, { activity: Activity }>): void {
    if (!isCommand(activity)) return;
    const { leg, type } = activity.input as BridgeCommand;
    if (type !== 'collect' && type !== 'record') return;
    if (kind === 'began') this.#listening.set(leg, activity);
    else if (this.#listening.get(leg) === activity) this.#listening.delete(leg);
  }

  /** The event as it is shown; of the keys of one sensitive command, only the first event. */
  shown(moment: Extract<Moment, { kind: 'signal' }>): Moment[] {
    const event = moment.event as Partial<BridgeEvent> | null;
    if (event?.type !== 'digits' || !this.#legs.has(event.leg ?? '')) return [moment];
    const during = this.#listening.get(event.leg ?? '');
    if (during && !gathersSensitive(during.input as BridgeCommand)) return [moment];
    this.masked = true;
    if (during && this.#told.has(during)) return [];
    if (during) this.#told.add(during);
    return [{ ...moment, event: { ...event, digits: MASK } }];
  }
}

function gathersSensitive(command: BridgeCommand): boolean {
  return command.type === 'collect' && command.sensitive === true;
}
