import { DeclaredFailure } from '../../flow/declared-failure.js';
import { orAbsentAlone, orEmpty } from '../../flow/values/fill.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { BridgeFailure, LegGone } from '../bridge/command-failures.js';
import { requireAllowed } from '../bridge/dialling-limits.js';
import { refusal, ring } from '../bridge/dialling.js';
import { type Leg } from '../bridge/legs.js';
import { interruptible } from '../interruption.js';
import { CAUSE } from '../../telephony/causes.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

type Transfer = WidgetOf<'transfer'>;

/**
 * Hands the caller over to a number: at once (`blind`), or once its party has answered and heard the announcement
 * (`attended`). The flow continues without a leg. Contract B3, B4.
 */
export const transfer: WidgetRun<Transfer> = async (widget, call) => {
  const to = call.fill(widget.to, orEmpty).trim();
  if (to === '') throw new DeclaredFailure('there is no number to transfer to');
  const from = widget.from === undefined ? undefined : call.fill(widget.from, orAbsentAlone);
  return widget.mode === 'blind' ? blind(widget, call, to, from) : attended(widget, call, to, from);
};

async function blind(widget: Transfer, call: WidgetContext, to: string, from: string | undefined): Promise<string> {
  const { state } = call;
  const { first } = state.legs;
  const shown = from ?? first.party.ourNumber;
  try {
    if (state.account.dialling && first.live) await interruptible(state.interruption, () => requireAllowed(state, to));
    await handOver(call, { to, from: shown, ringSeconds: widget.ringSeconds });
    return 'next';
  } catch (error) {
    if (error instanceof LegGone) throw error;
    return refusal(call, error);
  }
}

async function attended(widget: Transfer, call: WidgetContext, to: string, from: string | undefined): Promise<string> {
  const { bridge } = call.state;
  const attempt = await ring(call, {
    ...{ to, from, written: { to: widget.to, from: widget.from } },
    ...{ ringSeconds: widget.ringSeconds, whileRinging: 'hold' },
  });
  if (!('reached' in attempt)) return 'line' in attempt ? attempt.line : attempt.leftBy;
  const leg = attempt.reached;
  try {
    const prompts = call.prompts(widget.announce);
    if (prompts.length > 0) {
      bridge.startHold(call.state.account.holdTune);
      await call.command('play', { prompts }, leg);
    }
    await handOver(call, { with: leg.name }, leg);
    return 'next';
  } catch (error) {
    if (!(error instanceof BridgeFailure || error instanceof LegGone)) throw error;
    if (!call.state.legs.first.live) throw error;
    await bridge.hangUp(leg, CAUSE.normal);
    return 'failure';
  }
}

/** From here on the end of the leg by us is no interruption, but what the flow wants. */
async function handOver(
  call: WidgetContext,
  fields: { to: string; from: string; ringSeconds: number } | { with: string },
  other?: Leg,
): Promise<void> {
  const { first } = call.state.legs;
  first.handedOver = true;
  try {
    const { at } = await call.command('transfer', fields);
    for (const leg of [first, other])
      leg?.finish({ at: at ?? new Date().toISOString(), cause: CAUSE.normal, by: 'us' });
  } catch (error) {
    first.handedOver = false;
    throw error;
  }
}
