/**
 * `npm run bench`: the same job on each engine, and what a call of Hookline costs. A whole run writes `bench/results.json` and
 * `bench/RESULTS.md`.
 * @module
 */
import '../test/support/runtime.js';
import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { benchOptions } from './options.js';
import type { Engine } from './engine.js';
import { ENGINES, IVRS, ON_POSTGRESQL, PHONES } from './engines/index.js';
import { measureAnswers, measureWidgets } from './measures/growth.js';
import { measureHooks } from './measures/hooks.js';
import { type JobScale, PHONE_SCALES, SCALES, measureJob } from './measures/job.js';
import { measureReading } from './measures/reading.js';
import { measureSilence } from './measures/silence.js';
import { type WaitingFigures, measureWaiting } from './measures/waiting.js';
import { PhoneLine } from './phone-line.js';
import { reportOf } from './report.js';
import type { EngineResult, Machine, Results } from './results.js';
import { BenchTarget } from './target.js';

const options = (() => {
  try {
    return benchOptions(
      process.argv.slice(2),
      ENGINES.map(({ name }) => name),
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
})();
/** `alone` is Hookline, too. */
const wanted = ({ name }: Engine) => options.engines?.includes(name === 'alone' ? 'hookline' : name) ?? true;
const start = performance.now();
const say = (line: string) => console.log(`${((performance.now() - start) / 1000).toFixed(0).padStart(5)} s  ${line}`);
const target = await BenchTarget.start();

const size = options.quick ? 'quick' : 'full';

const results: Results = {
  ...{ date: new Date().toISOString(), machine: machine() },
  ...{ job: {}, phone: {}, ivr: {}, hookline: null, postgresql: {} },
};

/** Measures engines together, and keeps what there is so far. */
async function measure(
  together: readonly Engine[],
  part: Record<string, EngineResult>,
  scale: JobScale,
): Promise<void> {
  const engines = together.filter(wanted);
  if (engines.length === 0) return;
  try {
    for (const engine of engines) {
      say(`${engine.name}: ${engine.about}`);
      await engine.install?.(say);
    }
    Object.assign(part, await measureJob(engines, target, scale, say));
  } catch (error) {
    const unavailable = error instanceof Error ? error.message : String(error);
    for (const { name } of engines) {
      say(`${name} cannot be measured: ${unavailable}`);
      part[name] = { unavailable };
    }
  }
  await keep();
}

const whole = options.engines === null && !options.quick;

/** A whole run is written step by step: a fault in its last part loses nothing of the others. */
async function keep(): Promise<void> {
  if (whole) await writeFile(new URL('results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
}

async function measureHookline(): Promise<void> {
  if (!(options.engines?.includes('hookline') ?? true)) return;
  const [few, steps] = options.quick ? [1, [100]] : [3, [100, 1000, 5000, 10_000, 20_000]];
  say('hookline: hooks, widgets, answers, silence');
  const line = await PhoneLine.open(target);
  const hooks = await measureHooks(line, few * 4, few * 3);
  const widgets = await measureWidgets(line, few);
  const answers = await measureAnswers(line, few * 6);
  // Last, for it starts a second worker.
  const silence = await measureSilence(line, few * 12);
  await line.close();
  const waiting: WaitingFigures[] = [];
  const reading = await measureReading(few * 10);
  results.hookline = { hooks, silence, widgets, answers, reading, waiting };
  await keep();
  // As docs/scale.md advises for thousands of calls. Nothing is measured after them.
  Object.assign(process.env, { GOMAXPROCS: String(cpus().length), HOOKLINE_STATUS_EVERY_SECONDS: '900' });
  const crowd = await PhoneLine.open(target);
  for await (const figures of measureWaiting(crowd, steps, say)) {
    waiting.push(figures);
    await keep();
  }
  await crowd.close();
}

function machine(): Machine {
  const [first] = cpus();
  return {
    ...{ cpu: first?.model ?? 'unknown', cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) },
    system: `${process.platform} ${release()}`,
  };
}

let failed = false;
try {
  for (const engine of ENGINES) await measure([engine], results.job, SCALES[size]);
  await measure(PHONES, results.phone, PHONE_SCALES[size]);
  await measure(IVRS, results.ivr ?? {}, PHONE_SCALES[size]);
  await measure(ON_POSTGRESQL, results.postgresql, PHONE_SCALES[size]);
  await measureHookline();
} catch (error) {
  failed = true;
  console.error(error);
}
await target.stop();
// Reckoning takes seconds, in which the bridge of calls under way would stand still: so the page comes last.
const page = reportOf(results);
console.log(page);
if (whole) await writeFile(new URL('RESULTS.md', import.meta.url), page);
process.exit(failed ? 1 : 0);
