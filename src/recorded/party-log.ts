/**
 * What the parties of a recorded call heard and did, by the bridge's clock: a simulated bridge is ahead of the server's,
 * for its prompts take no time.
 * @module
 */
import type { PathEntry } from '../engine/call-report.js';
import type { Flow } from '../flow/documents/flow.js';
import type { BridgeCommand, CommandResult } from '../telephony/commands.js';
import type { BridgeEvent } from '../telephony/events.js';
import type { Activity, CallHistory } from './history.js';
import { isUndoId } from '../engine/undo-task.js';
import { PathPlace } from './path-place.js';

/** A command of a call. Times are milliseconds of the bridge. */
export interface LoggedCommand {
  kind: 'command';
  command: BridgeCommand;
  start: number;
  /** Null for one that had not ended. */
  end: number | null;
  result: CommandResult | undefined;
  error: string | null;
  /** Index into the path. */
  place: number;
}

/** An event of a call. */
export interface LoggedEvent {
  kind: 'event';
  event: BridgeEvent;
  at: number;
  /** The command that gathers digits or sound on the leg at that moment. */
  during: LoggedCommand | undefined;
}

/** A request of a call. */
export interface LoggedRequest {
  kind: 'request';
  activity: Activity;
  widget: string;
  visit: number;
  start: number;
  place: number;
}

/** Everything in the order of the history. */
export type Logged = LoggedCommand | LoggedEvent | LoggedRequest;

/** Reads the log of a history. */
export function partyLog({ moments }: CallHistory, path: readonly Pick<PathEntry, 'widget'>[], flow: Flow): Logged[] {
  const place = new PathPlace(path, flow);
  const log: Logged[] = [];
  const commands = new Map<Activity, LoggedCommand>();
  let ahead = 0;
  for (const moment of moments) {
    if (moment.kind === 'signal') {
      const event = moment.event as BridgeEvent;
      const at = Date.parse(event.at);
      ahead = at - moment.at;
      const during = [...commands.values()].find(
        ({ command, end }) => end === null && command.leg === event.leg && listens(command),
      );
      log.push({ kind: 'event', event, at, during });
      continue;
    }
    const { activity } = moment;
    const known = commands.get(activity);
    if (known) {
      known.result = activity.result as CommandResult | undefined;
      known.error = activity.error;
      const at = known.result?.result === 'done' ? known.result.at : undefined;
      const ended = activity.endedAt ?? activity.at;
      known.end = at === undefined ? ended + ahead : Date.parse(at);
      ahead = known.end - ended;
      place.ended(known.command, known.result);
    } else if (moment.kind === 'began' && /^(bridgeCommand|postBridgeCommand)$/.test(activity.type)) {
      const command = activity.input as BridgeCommand;
      const common = { start: activity.at + ahead, end: null, result: undefined, error: null };
      const logged: LoggedCommand = { kind: 'command', command, ...common, place: place.command(command.widget) };
      commands.set(activity, logged);
      log.push(logged);
    } else if (moment.kind === 'began' && isRequest(activity)) {
      const { widget, visit } = askedBy(activity.input.idempotencyKey);
      const start = activity.at + ahead;
      log.push({ kind: 'request', activity, widget, visit, start, place: place.request(widget, visit) });
    }
  }
  return log;
}

/** Whether a command takes keys or sound. */
export function listens({ type }: BridgeCommand): boolean {
  return type === 'collect' || type === 'record';
}

function isRequest(activity: Activity): activity is Activity & { input: { idempotencyKey: string } } {
  const { type, input } = activity;
  if (type === 'deliverFlowEnd' || typeof input !== 'object' || input === null) return false;
  // What takes back comes after all widgets. Contract H10.
  return 'idempotencyKey' in input && !isUndoId(String(input.idempotencyKey));
}

/** What asked, from `<workflow id>/<widget>/<visit>`. Contract W8. */
export function askedBy(idempotencyKey: string): { widget: string; visit: number } {
  const parts = idempotencyKey.split('/');
  return { widget: parts.slice(1, -1).join('/'), visit: Number(parts.at(-1)) };
}
