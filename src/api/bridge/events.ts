/**
 * `/bridge/calls/{call}/events`: a bridge reports what happened on a leg. Contract B2, B6.
 * @module
 */
import { type Client, WorkflowNotFoundError, isGrpcServiceError } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import type { Problem } from '../../flow/errors.js';
import { BRIDGE_EVENT_SIGNAL } from '../../telephony/events.js';
import { readEvent } from '../../telephony/messages.js';
import type { ApiContext } from '../context.js';
import { knownCall, timely } from '../known-call.js';
import { RequestProblem } from '../problem.js';

/** Adds the route. */
export function eventRoutes(api: FastifyInstance, { client }: ApiContext): void {
  api.post<{ Params: { call: string } }>('/bridge/calls/:call/events', async (request, reply) => {
    const { call } = request.params;
    const list = Array.isArray(request.body) ? (request.body as unknown[]) : null;
    const events = list ?? [request.body];
    // The call itself reads events in the same way: what is wrong with one must not hide a hang-up behind it.
    const good = events.filter((event) => readEvent(event) !== undefined);
    const running = await timely(client, async () => {
      return (await knownCall(client, call)) === 'running' && (await signalAll(client, call, good));
    });
    if (good.length < events.length) {
      const errors = events.flatMap((event, index) =>
        readEvent(event) === undefined ? [noEvent(list === null ? '' : `/${index}`)] : [],
      );
      throw new RequestProblem(422, 'INVALID_EVENT', errors.map(({ message }) => message)[0] ?? '', errors);
    }
    return reply.code(202).send({ call, state: running ? 'running' : 'ended' });
  });
}

/** Signals in order; false when the call has ended meanwhile: then nobody needs the rest. */
async function signalAll(client: Client, call: string, events: readonly unknown[]): Promise<boolean> {
  const handle = client.workflow.getHandle(call);
  try {
    for (const event of events) await handle.signal(BRIDGE_EVENT_SIGNAL, event);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    if (isGrpcServiceError(error) && /limit for signal events/.test(error.details))
      throw new RequestProblem(429, 'TOO_MANY_EVENTS', 'The call takes no more events until its next widget.');
    throw error;
  }
}

function noEvent(pointer: string): Problem {
  const message = 'An event has "eventId", "seq" (a whole number), "leg", a known "type", and what that type needs.';
  return { code: 'INVALID_VALUE', pointer, message };
}
