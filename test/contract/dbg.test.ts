import { it } from 'vitest';
import { flowOf, timeSkippingRig } from '../support/rig.js';
it('dbg', async () => {
  const rig = await timeSkippingRig();
  const flow = flowOf({ answer: { type: 'answerCall', lines: { next: 'dial' } }, dial: { type: 'makeCall', to: '55', lines: { next: 'say' } }, say: { type: 'play', prompt: { text: 'x' } } });
  const { handle, report } = await rig.start({ flow, caller: { legs: { '55': { after: 2, steps: [{ wait: 30 }, { hangUp: true }] } } } });
  const r = await report();
  console.log(JSON.stringify(r, null, 1));
  const p = await handle.query<any>('progress');
  for (const t of p.timeline) console.log(new Date(t.at).toISOString(), t.kind, t.text);
  console.log(JSON.stringify(rig.commands.map(c => [c.type, c.leg, c.seq])));
});
