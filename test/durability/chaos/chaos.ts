/**
 * `npm run chaos`: calls on a real stack whose processes are killed and whose network fails, and what came of them. Exit code 1
 * when anything is broken that must not be.
 * @module
 */
import { quietRuntime } from '../../../src/temporal/runtime.js';
import { chaosOptions } from './options.js';
import { recoveryMs } from './recovery.js';
import { type Recoveries, reportLines } from './report.js';
import { type Ran, eachOf, runChaos } from './run.js';
import { judge } from './verdict.js';

quietRuntime();
const options = chaosOptions(process.argv.slice(2));
const begin = Date.now();
const say = (line: string) => console.log(`${((Date.now() - begin) / 1000).toFixed(0).padStart(5)} s  ${line}`);

const { ran, recoveries } = await runChaos(options, say, async (ran) => ({
  ran,
  recoveries: await readRecoveries(ran),
}));
const verdict = judge(ran);
for (const line of reportLines(options, ran, verdict, recoveries)) console.log(line);
const { lost, missingFlowEnds, newIds, other } = verdict;
process.exit([lost, missingFlowEnds, newIds, other].every((faults) => faults.length === 0) ? 0 : 1);

async function readRecoveries({ handles, arrivals, struck }: Ran): Promise<Recoveries> {
  const recoveries: Recoveries = { worker: [], server: [], hitAgain: 0 };
  const first = new Map<string, number>();
  for (const { command, at } of arrivals) if (!first.has(command.commandId)) first.set(command.commandId, at);
  await eachOf(handles, async (_n, handle) => {
    const { events } = await handle.fetchHistory();
    for (const [index, one] of struck.entries()) {
      if (one.what !== 'worker' && one.what !== 'server' && one.what !== 'both') continue;
      const recovery = recoveryMs(events ?? [], one, first);
      if (!recovery) continue;
      const next = struck[index + 1];
      if (next && recovery.arrived > next.at) recoveries.hitAgain += 1;
      else recoveries[one.what === 'worker' ? 'worker' : 'server'].push(recovery.ms);
    }
  });
  return recoveries;
}
