/**
 * `/bridge/calls`: a bridge starts a call and asks how far it is. Contract B1, B6, C4, C5.
 * @module
 */
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { createOpenCall } from '../../calls/open-call.js';
import { DEFAULT_LIMITS } from '../../engine/opened-call.js';
import { CallGate } from '../../calls/call-gate.js';
import type { FairTurns } from '../../calls/fair-turns.js';
import { startCall, type StartedCall } from '../../calls/start-call.js';
import { callWorkflowId } from '../../calls/call-id.js';
import { CALL_ERRORS, type CallErrorCode, type Problem } from '../../flow/errors.js';
import { PATH_QUERY } from '../../telephony/start.js';
import { StoreReader } from '../../calls/store-reader.js';
import type { Log } from '../../observability/log.js';
import type { Store } from '../../store/store.js';
import type { ApiContext } from '../context.js';
import { callState, knownCall, queried, timely } from '../known-call.js';
import { RequestProblem } from '../problem.js';
import { accountOfStart, inTurn } from './in-turn.js';

const BUSY = { code: 'ACCOUNT_BUSY', message: CALL_ERRORS.ACCOUNT_BUSY } as const;

/** Adds the routes. */
export function callRoutes(
  api: FastifyInstance,
  context: ApiContext & { accounts?: { store: Store } | undefined; log: Log },
  turns: FairTurns,
): void {
  const { client, http, searchAttributes, findsBridges = false, taskQueue, accounts, log } = context;
  const store = accounts && (() => Promise.resolve(accounts.store));
  const gate = new CallGate(client, searchAttributes);
  const reader = new StoreReader(() => log.warn('the store is away: calls start without it'));
  const check = createOpenCall({ limits: DEFAULT_LIMITS, searchAttributes, http, store, reader });
  const wasReported = async (account: number, call: string) =>
    accounts && (await reader.orElse(undefined, () => accounts.store.reports.get(account, call)));

  const startOnce = async (input: StartedCall, slips: readonly Problem[], reply: FastifyReply) => {
    const { account } = await check(input).catch((error: unknown) => refused(error, slips));
    if (slips.length > 0) throw new RequestProblem(422, 'INVALID_INPUT', CALL_ERRORS.INVALID_INPUT, slips);
    const call = callWorkflowId(account.id, input.bridge.id, input.call.id);
    const options = { searchAttributes, findsBridges, ...(taskQueue !== undefined && { taskQueue }) };
    return timely(client, async () => {
      // After Temporal has forgotten a call, its report still shows that it was there (C5).
      const known = (await callState(client, call)) ?? (await wasReported(account.id, call));
      if (known !== undefined) return reply.code(200).send({ call });
      if (!(await gate.letsIn(account))) {
        void reply.header('retry-after', '1');
        throw new RequestProblem(429, BUSY.code, BUSY.message);
      }
      try {
        await startCall(client, input, options);
      } catch (error) {
        // Another request has started it meanwhile, and it is over already.
        if (error instanceof WorkflowExecutionAlreadyStartedError) return reply.code(200).send({ call });
        throw error;
      }
      return reply.code(201).send({ call });
    });
  };

  api.post('/bridge/calls', async (request, reply) => {
    const start = () => startOnce(request.body as StartedCall, request.slips ?? [], reply);
    return inTurn(turns, reply, BUSY, accountOfStart(request.body), start);
  });

  api.get<{ Params: { call: string } }>('/bridge/calls/:call', async (request) => {
    const { call } = request.params;
    const { state } = await timely(client, () => knownCall(client, call));
    const path = await queried(client, () => client.workflow.getHandle(call).query<string[]>(PATH_QUERY));
    return { call, state, path };
  });
}

/** What the first step of a call would refuse, before there is a call. Contract C4. */
function refused(error: unknown, slips: readonly Problem[]): never {
  if (!(error instanceof ApplicationFailure)) throw error;
  const problems = (error.details?.[0] as Problem[] | undefined) ?? [];
  throw new RequestProblem(422, error.type as CallErrorCode, error.message, [...slips, ...problems]);
}
