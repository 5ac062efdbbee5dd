/**
 * `npm run bench`: the same job on each engine, and what a call of Hookline costs. Each part that is measured replaces the one in
 * `bench/results.json`, of which `bench/RESULTS.md` is made.
 * @module
 */
import '../test/support/runtime.js';
import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { benchOptions } from './options.js';
import { ENGINES } from './engines/index.js';
import { measureParts } from './parts.js';
import { reportOf } from './report.js';
import { keepResults, readResults } from './results.js';
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
const start = performance.now();
const say = (line: string) => console.log(`${((performance.now() - start) / 1000).toFixed(0).padStart(5)} s  ${line}`);
const target = await BenchTarget.start();
const results = await readResults();
const [first] = cpus();
const run = {
  date: new Date().toISOString(),
  machine: {
    ...{ cpu: first?.model ?? 'unknown', cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) },
    system: `${process.platform} ${release()}`,
  },
  quick: options.quick,
};
/** Figures of some engines only are for who asked: they belong to no run. */
const kept = options.engines === null;

let failed = false;
for await (const { part, error } of measureParts(options, { target, results, say })) {
  // Calls that wait are measured step by step: those before the fault count.
  if (error === undefined || (part === 'waiting' && results.waiting.length > 0)) results.runs[part] = run;
  if (error !== undefined) {
    failed = true;
    console.error(error);
  }
  if (kept) await keepResults(results);
}
await target.stop();
// Reckoning takes seconds, in which the bridge of calls under way would stand still: so the page comes last.
const page = reportOf(results);
console.log(page);
if (kept) await writeFile(new URL('RESULTS.md', import.meta.url), page);
process.exit(failed ? 1 : 0);
