/**
 * `npm run soak`, its third part: a bridge node that is watched as a whole dies with many calls (B8). Exit code 1 when one of them
 * does not end as it should, or they do not end in time.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { callReport } from '../../src/calls/read-call.js';
import { DevStack } from '../support/dev-stack.js';
import { Target, answer } from '../support/target.js';
import { bootNode, callAt, prompts } from '../support/watched-nodes.js';

/** Calls that begin in a second. */
const PER_SECOND = 10;
/** Words of a prompt that no call hears to its end. */
const WORDS = 20_000;
/** Seconds from the first call that ends to the last. Contract B8. */
const WITHIN_SECONDS = 20;
/** Seconds until the node is given up: a look every 3 s, and three failures of 5 s each, with some room. */
const GIVEN_UP_SECONDS = 25;

const { values } = parseArgs({ options: { calls: { type: 'string', default: '1000' } } });
const count = Number(values.calls);
if (!Number.isInteger(count) || count < 1) throw new RangeError('--calls: a positive whole number.');

const [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
target.on('/end', answer(200));
await stack.startWorker({ HOOKLINE_LOG_LEVEL: 'error' });
const node = await bootNode(stack.client, stack.server);
const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/end') } };
const calls = [];
for (let n = 0; n < count; n++) {
  calls.push(await callAt(stack.client, node, { words: WORDS, flow: { flowEndWebhook: true }, account }));
  await pause(1000 / PER_SECOND);
}
await prompts(node, count);
// So that none but the node's own death is measured.
await pause(5000);

const killedAt = Date.now();
node.process.stop();
const ends: number[] = [];
const reports = await Promise.all(
  calls.map(async (call) => {
    const report = await callReport(call);
    ends.push((Date.now() - killedAt) / 1000);
    return report;
  }),
);
await stack.stop();
await target.stop();

const [first = Infinity, last = Infinity] = [Math.min(...ends), Math.max(...ends)];
const asDue = reports.filter(({ error, flowEnd }) => error?.code === 'BRIDGE_GONE' && flowEnd?.delivered).length;
console.log(
  `lost node: ${count} calls, ${asDue} ended as gone with their flow ends, the first ${first.toFixed(1)} s after the ` +
    `node was killed, the last ${(last - first).toFixed(1)} s later`,
);
process.exit(asDue === count && first <= GIVEN_UP_SECONDS && last - first <= WITHIN_SECONDS ? 0 : 1);
