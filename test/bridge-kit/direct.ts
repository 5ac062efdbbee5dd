/**
 * A bridge in the same process: the simulator, as it is or with something broken.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Exchange, type Outcome, type Reply } from '../../src/telephony/check/exchange.js';
import { SIMULATED_FAR_ENDS } from '../../src/telephony/check/far-ends.js';
import type { BridgeUnderTest } from '../../src/telephony/check/transport.js';
import type { BridgeCommand, CommandResult } from '../../src/telephony/commands.js';
import type { BridgeEvent } from '../../src/telephony/events.js';
import { BridgeError } from '../../src/telephony/bridge-error.js';
import { SimulatedBridge } from '../../src/telephony/simulator/simulated-bridge.js';

export type Obey = (command: BridgeCommand) => Promise<CommandResult>;
export type Send = (event: BridgeEvent) => Promise<void>;

/** What a bridge does otherwise than the simulator. */
export interface Otherwise {
  /** `send` reports an event of the call by itself. */
  command?(command: BridgeCommand, obey: Obey, send: Send): Promise<unknown>;
  event?(event: BridgeEvent, send: (event: unknown) => Promise<void>): Promise<void>;
  /** What becomes of a command without a signature that counts; default: it is refused. */
  forged?: 'obeyed' | 'obeyedWith401';
  /** Milliseconds between signs of life of a running command. */
  beatMs?: number;
}

/** Seconds of silence after which a command counts as lost: shorter than over Temporal, for the sake of the tests. */
const HEARTBEAT_SECONDS = 3;

/** The simulator as a bridge under test; what `make` gives is kept for each call by itself. */
export function directBridge(make: () => Otherwise = () => ({})): BridgeUnderTest {
  const calls = new Map<string, { log: Exchange; otherwise: Otherwise }>();
  const deliver = async (workflowId: string, event: BridgeEvent) => {
    const call = calls.get(workflowId);
    if (!call) throw new Error('no such call');
    const send = async (said: unknown) => call.log.event(said, Date.now());
    await (call.otherwise.event?.(event, send) ?? send(event));
  };
  const simulator = new SimulatedBridge('direct', { sendEvent: deliver, entered: async () => [] }, SIMULATED_FAR_ENDS);
  return {
    heartbeatSeconds: HEARTBEAT_SECONDS,
    async open() {
      const workflowId = `w-${randomUUID()}`;
      const log = new Exchange();
      const otherwise = make();
      calls.set(workflowId, { log, otherwise });
      const obey: Obey = (command) => simulator.bridgeCommand(command);
      const send: Send = (event) => deliver(workflowId, event);
      const carryOut = async (command: BridgeCommand): Promise<Reply> => {
        try {
          // As over a wire: a result that is changed afterwards is another one.
          return structuredClone({ result: await (otherwise.command?.(command, obey, send) ?? obey(command)) });
        } catch (error) {
          if (!(error instanceof BridgeError)) throw error;
          return { error: error.type, message: error.message };
        }
      };
      return {
        workflowId,
        log,
        async give(command): Promise<Outcome> {
          const givenAt = Date.now();
          const reply = await watched(carryOut(command), otherwise.beatMs ?? 1000);
          return log.reply(reply, givenAt, Date.now());
        },
        async giveForged(command) {
          if (otherwise.forged) await carryOut(command);
          return otherwise.forged === 'obeyed' ? 200 : 401;
        },
        close: async () => void calls.delete(workflowId),
      };
    },
    close: async () => simulator.removeAll(),
  };
}

/** The reply, unless the signs of life are too far apart. */
async function watched(reply: Promise<Reply>, beatMs: number): Promise<Reply> {
  if (beatMs < HEARTBEAT_SECONDS * 1000) return reply;
  const stop = new AbortController();
  const silence = pause<Reply>(HEARTBEAT_SECONDS * 1000, { silent: 'noHeartbeat' }, { signal: stop.signal });
  silence.catch(() => undefined);
  return Promise.race([reply, silence]).finally(() => stop.abort());
}
