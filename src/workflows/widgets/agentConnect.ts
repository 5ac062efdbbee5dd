import { orAbsentAlone, orEmpty } from '../../flow/values/fill.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { claimAgent, releaseAgent } from '../desks/claimed-agents.js';
import { converse, ring } from '../bridge/dialling.js';
import type { WidgetRun } from '../widget-context.js';

/**
 * Rings available agents, one after the other, and joins the first that answers to the caller. Nobody free, or nobody
 * who answers, is `overflow`. Contract F4: a paused agent gets no call.
 */
export const agentConnect: WidgetRun<WidgetOf<'agentConnect'>> = async (widget, call) => {
  const { ringSeconds, whileRinging, leaveKey, strategy } = widget;
  const from =
    widget.from === undefined ? call.state.lookup('$call.cli.number') : call.fill(widget.from, orAbsentAlone);
  const wanted = widget.agents?.map((agent) => call.fill(agent, orEmpty).trim());
  const free = new Set(call.state.account.agents.filter(({ paused }) => !paused).map(({ number }) => number));
  const candidates = (wanted ?? [...free]).filter((number) => free.has(number));
  for (let attempt = 1; attempt <= widget.attempts && candidates.length > 0; attempt++) {
    const claim = await claimAgent(call, candidates, strategy);
    if (!claim) break;
    const tried = await ring(call, { to: claim.agent, from, ringSeconds, whileRinging, leaveKey });
    if ('reached' in tried) await converse(call, tried.reached, widget.record);
    await releaseAgent(call.state, claim);
    if ('reached' in tried) return 'next';
    if (tried.line === 'left') return 'left';
    candidates.splice(candidates.indexOf(claim.agent), 1);
  }
  call.note('note', `${call.key}: no agent could be reached`);
  return 'overflow';
};
