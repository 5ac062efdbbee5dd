/**
 * A call that arrives: its number is looked up, its workflow is started, and it rings until the flow answers. Contract B1.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { CAUSE } from '../causes.js';
import type { Ari } from './ari/ari.js';
import type { AriChannel } from './ari/ari-messages.js';
import type { Arrived } from './bridge-metrics.js';
import type { ChannelLeg } from './legs/channel-leg.js';

/** Whose a number is. */
export interface Route {
  /** The id of a stored account, or an account document. */
  account: number | { id: number };
  /** The id of a stored flow, or a flow document. */
  flow: { id: string };
}

/** Starts calls. */
export interface CallStarter {
  /** Whose a number is that was dialled; null: nobody's. Rejects when that may be asked again. */
  route: (to: string) => Promise<Route | null>;
  /** The workflow id that a call will have. */
  workflowId(account: number, callId: string): string;
  /** Starts the call, or finds it started; gives the Q.850 cause of a refusal. Rejects when that may be tried again. */
  start(call: { id: string; from: string; to: string } & Route): Promise<number | null>;
}

/** A call that arrives, and what is needed to start it. */
export interface Arrival {
  ari: Ari;
  starter: CallStarter | undefined;
  channel: AriChannel;
  to: string;
  /** Makes the call and its leg, before the workflow may give commands. */
  begin: (workflowId: string) => ChannelLeg;
  log: (message: string, error?: unknown) => void;
}

/** Attempts to start a call, and the milliseconds between them: together as long as a caller waits in the dialplan. */
const ATTEMPTS = 15;
const EVERY_MS = 1000;

/** The number that was dialled; null when a channel did not come from the dialplan. */
export function arrivingNumber({ dialplan }: AriChannel, app: string): string | null {
  const [name, kind, to] = dialplan.app_data.split(',');
  return name === app && kind === 'in' && to !== undefined ? to : null;
}

/** Starts the call, or hangs up with the cause of the refusal; null when the caller has gone. */
export async function arrive({ ari, starter, channel, to, begin, log }: Arrival): Promise<Arrived | null> {
  // Before anything else, for its end is to be reported whatever happens; one that is gone needs no call.
  if (!(await ari.subscribe(channel.id))) return null;
  const route = starter && (await again(() => starter.route(to), log));
  if (!starter || !route) {
    log('a call to a number that nobody has was refused');
    await ari.hangUp(channel.id, route === null ? CAUSE.unallocatedNumber : CAUSE.temporaryFailure);
    return route === null ? 'unknownNumber' : 'noAnswer';
  }
  const { account } = route;
  const leg = begin(starter.workflowId(typeof account === 'number' ? account : account.id, channel.id));
  leg.placed = true;
  const call = { id: channel.id, from: channel.caller.number, to, ...route };
  const refused = await again(() => starter.start(call), log);
  if (refused === null) {
    await ari.ring(channel.id);
    return 'started';
  }
  const cause = refused ?? CAUSE.temporaryFailure;
  leg.hangingUp(cause);
  if (!(await ari.hangUp(channel.id, cause))) leg.end(cause, 'us');
  return refused === undefined ? 'noAnswer' : 'refused';
}

/** Tries until it answers; undefined when it never does. */
async function again<T>(ask: () => Promise<T>, log: Arrival['log']): Promise<T | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 1) log('a call that arrived could not be started at once', error);
      if (attempt === ATTEMPTS) return undefined;
      await pause(EVERY_MS);
    }
  }
}
