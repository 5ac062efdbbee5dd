/**
 * Which of the free agents is rung, and how calls ask for one. Pure.
 * @module
 */

/** The names under which the desk of an account's agents is reached. */
export const AGENT_DESK = { workflow: 'agentDesk', claim: 'claim', release: 'release', holders: 'holders' } as const;

/** How an agent is chosen among those that are free. */
export type AgentStrategy = 'roundRobin' | 'longestIdle' | 'fixedOrder';

/** A call asks for an agent. */
export interface AgentRequest {
  /** Unique; repeated, it gives the same agent. */
  claim: string;
  /** The workflow id of the call. */
  call: string;
  /** Numbers of agents that may be rung, in the account's order. */
  candidates: string[];
  strategy: AgentStrategy;
}

/** What a desk knows. Times in milliseconds. */
export interface DeskState {
  /** Agents that calls hold, by claim. */
  held: Record<string, { agent: string; call: string }>;
  /** When each agent was last picked. */
  pickedAt: Record<string, number>;
  /** When each agent's last conversation ended. */
  freeSince: Record<string, number>;
}

/**
 * Picks a free agent and notes that the call holds it; null when none is free. `fixedOrder` takes the first candidate,
 * `roundRobin` the one picked least recently, `longestIdle` the one free for longest; those never picked come first, in
 * the candidates' order.
 */
export function pickAgent(state: DeskState, request: AgentRequest, now: number): string | null {
  const repeated = state.held[request.claim];
  if (repeated) return repeated.agent;
  const busy = new Set(Object.values(state.held).map(({ agent }) => agent));
  const free = request.candidates.filter((agent) => !busy.has(agent));
  const agent = ordered(free, request.strategy, state)[0];
  if (agent === undefined) return null;
  state.held[request.claim] = { agent, call: request.call };
  // Two picks within a millisecond still have an order.
  state.pickedAt[agent] = Math.max(now, ...Object.values(state.pickedAt).map((at) => at + 1));
  return agent;
}

function ordered(free: string[], strategy: AgentRequest['strategy'], state: DeskState): string[] {
  if (strategy === 'fixedOrder') return free;
  const times = strategy === 'roundRobin' ? state.pickedAt : state.freeSince;
  return free.toSorted((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
}
