/**
 * `/bridge/calls/{call}/events`: a bridge reports what happened on a leg. Contract B2, B6.
 * @module
 */
import { type Client, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { grpcFailure } from '../../calls/server-away.js';
import type { Problem } from '../../flow/errors.js';
import type { FairTurns } from '../../calls/fair-turns.js';
import { BRIDGE_EVENT_SIGNAL } from '../../telephony/events.js';
import { readEvent } from '../../telephony/messages.js';
import type { ApiContext } from '../context.js';
import { knownCall, timely } from '../known-call.js';
import { RequestProblem } from '../problem.js';
import { type DescribedRun, EventRoom } from './event-room.js';
import { accountOfCall, inTurn } from './in-turn.js';

const FLOOD = {
  code: 'TOO_MANY_EVENTS',
  message: 'Too many events of the account wait. Send this one again in a moment.',
} as const;

/** Adds the route. */
export function eventRoutes(api: FastifyInstance, { client }: ApiContext, turns: FairTurns): void {
  const room = new EventRoom();
  api.post<{ Params: { call: string } }>('/bridge/calls/:call/events', async (request, reply) => {
    const { call } = request.params;
    const list = Array.isArray(request.body) ? (request.body as unknown[]) : null;
    const events = list ?? [request.body];
    // The call itself reads events in the same way: what is wrong with one must not hide a hang-up behind it.
    const good = events.filter((event) => readEvent(event) !== undefined);
    const send = () =>
      timely(client, async () => {
        const known = await knownCall(client, call);
        return known.state === 'running' && (await signalAll(client, call, good, room, known));
      });
    const hangUp = good.some((event) => readEvent(event)?.type === 'legEnded');
    const running = await inTurn(turns, reply, FLOOD, accountOfCall(call), send, hangUp);
    if (good.length < events.length) {
      const errors = events.flatMap((event, index) =>
        readEvent(event) === undefined ? [noEvent(list === null ? '' : `/${index}`)] : [],
      );
      throw new RequestProblem(422, 'INVALID_EVENT', errors.map(({ message }) => message)[0] ?? '', errors);
    }
    return reply.code(202).send({ call, state: running ? 'running' : 'ended' });
  });
}

/**
 * Signals in order; false when the call has ended meanwhile: then nobody needs the rest. In a flood only hang-ups are sent.
 * @throws {RequestProblem} TOO_MANY_EVENTS after all that there was room for
 */
async function signalAll(
  client: Client,
  call: string,
  events: readonly unknown[],
  room: EventRoom,
  run: DescribedRun,
): Promise<boolean> {
  const handle = client.workflow.getHandle(call);
  let refused = false;
  for (const [sent, event] of events.entries()) {
    const hangUp = readEvent(event)?.type === 'legEnded';
    const historyLength = run.historyLength + sent;
    if (!hangUp && (refused || !(await room.has(handle, { ...run, historyLength })))) refused = true;
    else {
      const signalled = await signal(handle, event);
      if (signalled === 'ended') return false;
      refused ||= signalled === 'refused';
    }
  }
  if (!refused) return true;
  throw new RequestProblem(429, 'TOO_MANY_EVENTS', 'The call takes no more events until its next widget.');
}

async function signal(handle: WorkflowHandle, event: unknown): Promise<'taken' | 'refused' | 'ended'> {
  try {
    await handle.signal(BRIDGE_EVENT_SIGNAL, event);
    return 'taken';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'ended';
    if (isFull(error)) return 'refused';
    throw error;
  }
}

/** Whether the server takes no more signals in this run; the client wraps what the server said. */
export function isFull(error: unknown): boolean {
  return /limit for signal events/.test(grpcFailure(error)?.details ?? '');
}

function noEvent(pointer: string): Problem {
  const message = 'An event has "eventId", "seq" (a whole number), "leg", a known "type", and what that type needs.';
  return { code: 'INVALID_VALUE', pointer, message };
}
