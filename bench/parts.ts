/**
 * The parts of a run, one after the other.
 * @module
 */
import { cpus } from 'node:os';
import type { Engine, Say } from './engine.js';
import { hooklineWorker } from './engines/hookline/engine.js';
import { ENGINES, IVRS, ON_POSTGRESQL, PHONES } from './engines/index.js';
import { installRelease } from '../test/support/release.js';
import { releaseWorker } from './engines/release/engine.js';
import { measureAnswers, measureWidgets } from './measures/growth.js';
import { measureHooks } from './measures/hooks.js';
import { type JobScale, PHONE_SCALES, SCALES, measureJob } from './measures/job.js';
import { measureReading } from './measures/reading.js';
import { measureRecovery } from './measures/recovery.js';
import { measureSilence } from './measures/silence.js';
import { measureWaiting } from './measures/waiting.js';
import type { BenchOptions } from './options.js';
import { PhoneLine } from './phone-line.js';
import type { EngineResult, Part, Results } from './results.js';
import type { BenchTarget } from './target.js';

interface Place {
  target: BenchTarget;
  /** Takes the figures. */
  results: Results;
  say: Say;
}

/** A part that is over, and what went wrong in it. */
export interface MeasuredPart {
  part: Part;
  error?: unknown;
}

/** Calls that wait, by step, and the largest with a tenth of them in webhooks. */
const WAITING = {
  full: { steps: [100, 1000, 5000, 10_000, 20_000], webhooksUpTo: 5000 },
  quick: { steps: [1000, 5000], webhooksUpTo: 0 },
};
/** A worker that keeps 20,000 calls at hand. */
const roomy = { ...hooklineWorker, execArgv: ['--max-old-space-size=8800'] };

/** Measures the parts that are asked for. A fault in one keeps none of the others from being measured. */
export async function* measureParts(options: BenchOptions, place: Place): AsyncGenerator<MeasuredPart> {
  for (const part of options.parts) {
    place.say(`part ${part}`);
    try {
      await measured(part, options, place);
      yield { part };
    } catch (error) {
      yield { part, error };
    }
  }
}

async function measured(part: Part, options: BenchOptions, place: Place): Promise<void> {
  const { results, target, say } = place;
  const few = options.quick ? 1 : 3;
  const size = options.quick ? 'quick' : 'full';
  switch (part) {
    case 'job':
      results.job = {};
      for (const engine of ENGINES) Object.assign(results.job, await compared([engine], SCALES[size], options, place));
      return;
    case 'phone':
      results.phone = await compared(PHONES, PHONE_SCALES[size], options, place);
      return;
    case 'ivr':
      results.ivr = await compared(IVRS, PHONE_SCALES[size], options, place);
      return;
    case 'postgresql':
      results.postgresql = await compared(ON_POSTGRESQL, PHONE_SCALES[size], options, place);
      return;
    case 'silence':
      results.silence = await silence(few, place);
      return;
    case 'growth': {
      const line = await PhoneLine.open(target);
      const [widgets, answers] = [await measureWidgets(line, few), await measureAnswers(line, few * 6)];
      await line.close();
      results.growth = { widgets, answers, reading: await measureReading(few * 10) };
      return;
    }
    case 'recovery':
      results.recovery = await measureRecovery(options.quick ? { calls: 100, kills: 8 } : { calls: 1000, kills: 20 });
      return;
    case 'waiting': {
      // As docs/scale.md advises for thousands of calls: all processors for the development server.
      Object.assign(process.env, { GOMAXPROCS: String(cpus().length) });
      const line = await PhoneLine.open(target, { worker: roomy, watched: true });
      results.waiting = [];
      for await (const figures of measureWaiting(line, WAITING[size], say)) results.waiting.push(figures);
      await line.close();
    }
  }
}

/** Measures engines together; none of them when one cannot be had. */
async function compared(
  together: readonly Engine[],
  scale: JobScale,
  { engines: chosen }: BenchOptions,
  { target, say }: Place,
): Promise<Record<string, EngineResult>> {
  const engines = together.filter(({ name }) => chosen?.includes(name) ?? true);
  if (engines.length === 0) return {};
  try {
    for (const engine of engines) {
      say(`${engine.name}: ${engine.about}`);
      await engine.install?.(say);
    }
    return await measureJob(engines, target, scale, say);
  } catch (error) {
    const unavailable = error instanceof Error ? error.message : String(error);
    say(`${engines.map(({ name }) => name).join(' and ')} cannot be measured: ${unavailable}`);
    return Object.fromEntries(engines.map(({ name }) => [name, { unavailable }]));
  }
}

async function silence(few: number, { target, say }: Place): Promise<Results['silence']> {
  const installed = await installRelease(say).then(
    () => true,
    (error: unknown) => say(`0.6.0 cannot be measured: ${String(error)}`) ?? false,
  );
  const line = await PhoneLine.open(target);
  const old = installed ? await PhoneLine.open(target, { worker: releaseWorker, can: [] }) : undefined;
  const hooks = await measureHooks(line, few * 4, few * 3);
  const [now, then] = await measureSilence(old ? [line, old] : [line], few * 12);
  await Promise.all([line.close(), old?.close()]);
  if (!now) throw new Error('No line was measured.');
  return { hooks, hookline: now, ...(then && { before: then }) };
}
