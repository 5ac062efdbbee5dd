import { isCancellation, patched } from '@temporalio/workflow';
import { orAbsentAlone, orEmpty } from '../../flow/values/fill.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { claimAgent, releaseAgent } from '../desks/claimed-agents.js';
import { CallersWait } from '../bridge/callers-wait.js';
import { converse, ring, type Attempt, type Ringing } from '../bridge/dialling.js';
import type { ClaimedAgent } from '../carried-state.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

type AgentConnect = WidgetOf<'agentConnect'>;

/**
 * Rings available agents, one after the other, and joins the first that answers to the caller. Nobody free, or nobody
 * who answers, is `overflow`. Contract F4: a paused agent gets no call.
 */
export const agentConnect: WidgetRun<AgentConnect> = async (widget, call) => {
  const { leaveKey, timeline } = widget;
  const waiting = new CallersWait(call, { leaveKey, timeline, tune: true });
  return ringAgents(widget, call, waiting).finally(() => waiting.end(false));
};

async function ringAgents(widget: AgentConnect, call: WidgetContext, waiting: CallersWait): Promise<string> {
  const { ringSeconds, whileRinging, strategy } = widget;
  const from =
    widget.from === undefined ? call.state.lookup('$call.cli.number') : call.fill(widget.from, orAbsentAlone);
  const wanted = widget.agents?.map((agent) => call.fill(agent, orEmpty).trim());
  const free = new Set(call.state.account.agents.filter(({ paused }) => !paused).map(({ number }) => number));
  const candidates = (wanted ?? [...free]).filter((number) => free.has(number));
  for (let attempt = 1; attempt <= widget.attempts && candidates.length > 0; attempt++) {
    const claim = await claimAgent(call, candidates, strategy);
    if (!claim) break;
    const written = { to: widget.agents, from: widget.from };
    const ringing = { to: claim.agent, from, written, ringSeconds, whileRinging };
    const tried = await connect(call, ringing, waiting, widget.record).catch((error: unknown) =>
      freeAfter(error, call, claim),
    );
    await releaseAgent(call.state, claim);
    if ('reached' in tried) return 'next';
    if ('leftBy' in tried) return tried.leftBy;
    candidates.splice(candidates.indexOf(claim.agent), 1);
  }
  call.note('note', `${call.key}: no agent could be reached`);
  return 'overflow';
}

/** Rings the agent and joins the two until the agent leaves. */
async function connect(call: WidgetContext, ringing: Ringing, waiting: CallersWait, record: boolean): Promise<Attempt> {
  const tried = await ring(call, ringing, waiting);
  if ('reached' in tried) await converse(call, tried.reached, record);
  return tried;
}

/** After a fault of the bridge the agent is free, while the call may last for long. A call that is cut gives all back at its end. */
async function freeAfter(error: unknown, call: WidgetContext, claim: ClaimedAgent): Promise<never> {
  const isCut = isCancellation(error) || call.state.interruption() !== null;
  if (!isCut && patched('an-agent-is-free-after-a-fault')) await releaseAgent(call.state, claim);
  throw error;
}
