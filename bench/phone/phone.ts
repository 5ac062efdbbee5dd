/**
 * `npm run bench:phone [-- --quick]`: how soon a caller hears a prompt, and what many calls at once cost, with a real Asterisk and real
 * phones. A whole run writes `bench/phone/RESULTS.md`. Exit code 1 when a goal of docs/bench.md is missed.
 * @module
 */
import '../../test/support/runtime.js';
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { asteriskRoot } from '../../test/phone/asterisk/fetch-asterisk.js';
import { measureManyCalls } from './many-calls.js';
import { measureSoundTimes } from './sound-times.js';

/** The goals: milliseconds, cores, megabytes. */
const GOALS = { p50: 60, p99: 200, hold: 350, cores: 1, bridgeMb: 200 };

const quick = process.argv.includes('--quick');
const say = (line: string) => console.log(line);
const root = await asteriskRoot(say);
const [load = 0] = loadavg();
const many = await measureManyCalls(root, quick ? 20 : 200);
const { prompt, holdBegins, holdEnds } = await measureSoundTimes(quick ? 10 : 100, () => undefined);
const cores = many.asteriskCores + many.bridgeCores;

const rows = [
  [
    'prompt scheduled to first packet at the phone, p50',
    `${prompt.p50} ms`,
    `${GOALS.p50} ms`,
    prompt.p50 <= GOALS.p50,
  ],
  ['the same, p99', `${prompt.p99} ms`, `${GOALS.p99} ms`, prompt.p99 <= GOALS.p99],
  [
    'slow webhook scheduled to first packet of the hold tune, p50 and p99',
    `${holdBegins.p50} and ${holdBegins.p99} ms`,
    `${GOALS.hold} ms for half`,
    holdBegins.p50 <= GOALS.hold,
  ],
  ['its answer to the last packet of the tune, p50 and p99', `${holdEnds.p50} and ${holdEnds.p99} ms`, '', true],
  [
    `Asterisk and bridge with ${many.calls} calls that hear prompts`,
    `${cores.toFixed(2)} cores (${many.asteriskCores.toFixed(2)} and ${many.bridgeCores.toFixed(2)})`,
    `${GOALS.cores} core`,
    cores < GOALS.cores,
  ],
  [
    'memory of the bridge then',
    `${many.bridgeMb.toFixed(0)} MB`,
    `${GOALS.bridgeMb} MB`,
    many.bridgeMb < GOALS.bridgeMb,
  ],
  ['memory of Asterisk then', `${many.asteriskMb.toFixed(0)} MB`, '', true],
  ['commands that failed', String(many.failed), '0', many.failed === 0],
] as const;
const page = [
  '# What a telephone costs\n',
  `Written by \`npm run bench:phone\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} x ${cpus()[0]?.model.trim()}, load average ` +
    `before it ${load.toFixed(1)}; ${prompt.count} calls one after the other for each row of times.\n`,
  '| | measured | goal | |\n|---|---|---|---|',
  ...rows.map(([what, measured, goal, met]) => `| ${what} | ${measured} | ${goal} | ${met ? 'met' : 'missed'} |`),
  '',
].join('\n');
console.log(page);
if (!quick) await writeFile(new URL('RESULTS.md', import.meta.url), page);
process.exit(rows.every(([, , , met]) => met) ? 0 : 1);
