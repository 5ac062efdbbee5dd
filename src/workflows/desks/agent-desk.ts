/**
 * Who of an account's agents is free: one workflow an account, so that all calls on all workers see the same. It holds
 * nothing but what calls sent it, and ends when nobody has asked for a day. Contract F4.
 * @module
 */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineUpdate,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { AGENT_DESK, pickAgent, type AgentRequest, type DeskState } from '../../engine/agent-desk.js';

/** Claims a free agent, or gives null. */
const claimUpdate = defineUpdate<string | null, [AgentRequest]>(AGENT_DESK.claim);
/** Gives agents back by their claims; unknown ones change nothing. */
const releaseUpdate = defineUpdate<void, [string[]]>(AGENT_DESK.release);
/** The calls that hold agents, by claim. */
const holdersQuery = defineQuery<Record<string, string>>(AGENT_DESK.holders);

/** After this time without a word a desk closes; a later call opens it again. */
const QUIET = '1 day';
/** Updates after which the desk continues as new. */
const MAX_WORDS = 2000;

/** The desk of one account's agents. */
export async function agentDesk(before: DeskState = { held: {}, pickedAt: {}, freeSince: {} }): Promise<void> {
  const state = before;
  let words = 0;
  setHandler(claimUpdate, (request) => {
    words += 1;
    return pickAgent(state, request, Date.now());
  });
  setHandler(releaseUpdate, (claims) => {
    words += 1;
    for (const claim of claims) {
      const agent = state.held[claim]?.agent;
      if (agent === undefined) continue;
      state.freeSince[agent] = Date.now();
      delete state.held[claim];
    }
  });
  setHandler(holdersQuery, () =>
    Object.fromEntries(Object.entries(state.held).map(([claim, { call }]) => [claim, call])),
  );
  for (;;) {
    const seen = words;
    const more = await condition(() => words > seen, QUIET, { summary: 'does anybody need an agent?' });
    if (!more && Object.keys(state.held).length === 0) break;
    if (words >= MAX_WORDS || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof agentDesk>(state);
    }
  }
  await condition(allHandlersFinished);
}
