/**
 * Agents that a call holds: claimed before they are rung, given back when they are free again. Contract F4.
 * @module
 */
import { isCancellation, patched, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { AgentStrategy } from '../../engine/agent-desk.js';
import type { CallState } from '../call-state.js';
import type { ClaimedAgent } from '../carried-state.js';
import { Interrupted, interruptible } from '../interruption.js';
import type { WidgetContext } from '../widget-context.js';

const agents = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '2 seconds' },
});

/**
 * Claims a free agent among the candidates; undefined when all of them are speaking.
 * @throws {Interrupted} when a hang-up comes first; what the desk may have claimed is given back at the call's end
 */
export async function claimAgent(
  call: WidgetContext,
  candidates: string[],
  strategy: AgentStrategy,
): Promise<ClaimedAgent | undefined> {
  const { state } = call;
  state.claimed += 1;
  const claim = `${workflowInfo().workflowId}/${state.claimed}`;
  const { id: account, countryCode } = state.account;
  const request = { account, countryCode, claim, call: workflowInfo().workflowId, candidates, strategy };
  const ask = () => agents.claimAgent.executeWithOptions({ summary: `an agent for ${call.key}` }, [request]);
  const agent = await (patched('a-hang-up-ends-a-claim') ? claimUnlessCut(state, claim, ask) : ask());
  if (agent === null) return undefined;
  const claimed = { agent, claim };
  state.agents.push(claimed);
  return claimed;
}

async function claimUnlessCut(state: CallState, claim: string, ask: () => Promise<string | null>) {
  try {
    return await interruptible(state.interruption, ask);
  } catch (error) {
    // The desk may have claimed one already; who it is does not matter to giving the claim back.
    if (error instanceof Interrupted) state.agents.push({ agent: '', claim });
    throw error;
  }
}

/** Gives an agent back. One that cannot be given back stays with the call, which tries again at its end. */
export async function releaseAgent(state: CallState, claimed: ClaimedAgent): Promise<void> {
  const forget = () => state.agents.splice(state.agents.indexOf(claimed), 1);
  try {
    await agents.releaseAgent.executeWithOptions({ summary: 'the agent is free again' }, [
      { account: state.account.id, claim: claimed.claim },
    ]);
  } catch (error) {
    const kept = patched('an-agent-is-given-back-again');
    if (!kept) forget();
    if (!kept || isCancellation(error)) throw error;
    state.timeline.add('note', `an agent could not be given back: ${String(error)}`);
    return;
  }
  forget();
}

/** Gives back all agents that the call still holds. A fault here must not hold up its end: the desk notices closed calls. */
export async function releaseAgents(state: CallState): Promise<void> {
  for (const claimed of [...state.agents]) {
    try {
      await releaseAgent(state, claimed);
    } catch (error) {
      state.timeline.add('note', `an agent could not be given back: ${String(error)}`);
    }
  }
}
