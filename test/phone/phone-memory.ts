/**
 * `npm run soak`, its part of a bridge's memory: whether the process keeps its size over many calls. Exit code 1 when it has grown by more
 * than what it keeps of each call for ten minutes, or a call fails.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { costOf } from '../../bench/processes.js';
import { asteriskRoot } from './asterisk/fetch-asterisk.js';
import { BridgeProcess } from './bridge-process.js';
import { telephoneRig } from './telephone-rig.js';

const { values } = parseArgs({
  options: { from: { type: 'string', default: '500' }, to: { type: 'string', default: '2000' } },
});
const [from, to] = [Number(values.from), Number(values.to)];
const AT_ONCE = 20;
const TO = '500';
/** How much larger the bridge may be after the last call than after the first ones. */
const MAX_GROWTH = 1.1;
/** Milliseconds in which what is not needed is collected. */
const REST_MS = 5000;

const rig = await telephoneRig(await asteriskRoot(console.log), { [TO]: (call) => call.answer() });
const node = await BridgeProcess.start(rig, {});
let failed = 0;

async function one(): Promise<void> {
  const call = node.call();
  const outcomes = [
    await call.dial(TO),
    await call.give('play', { prompts: [{ text: 'Good day.' }] }),
    await call.give('hold', {}),
    await call.give('stop', {}),
    await call.hangUp(),
  ];
  if (!outcomes.every((outcome) => 'result' in outcome && outcome.result === 'done')) failed++;
}

async function run(calls: number): Promise<{ bridge: number; asterisk: number }> {
  let left = calls;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await one();
    }),
  );
  await pause(REST_MS);
  const { bridge, asterisk } = costOf({ bridge: node.pid, asterisk: rig.asterisk.pid });
  return { bridge: (bridge?.memory ?? 0) / 2 ** 20, asterisk: (asterisk?.memory ?? 0) / 2 ** 20 };
}

const first = await run(from);
const last = await run(to - from);
await node.stop();
await rig.stop();
const growth = last.bridge / first.bridge;
console.log(
  `phone memory: ${to} calls, ${failed} failed; bridge ${first.bridge.toFixed(0)} MB after ${from}, ${last.bridge.toFixed(0)} MB after all ` +
    `(${((growth - 1) * 100).toFixed(0)} %); Asterisk ${first.asterisk.toFixed(0)} and ${last.asterisk.toFixed(0)} MB`,
);
process.exit(failed === 0 && growth <= MAX_GROWTH ? 0 : 1);
