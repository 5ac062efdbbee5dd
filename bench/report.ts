/**
 * Results as a page.
 * @module
 */
import { goalsSection } from './goals.js';
import { hooklineParts } from './hookline-parts.js';
import { spreadCells, table } from './markdown.js';
import type { JobFigures } from './measures/job.js';
import { type EngineResult, PARTS, type Results, type Run } from './results.js';
import { scaleSection } from './scale/section.js';

const sum = (values: Record<string, number>) =>
  Math.round(Object.values(values).reduce((all, one) => all + one, 0) * 10) / 10;

/** The page: figures, and what they mean ({@link NOTES}). */
export function reportOf(results: Results): string {
  return [
    '# Results',
    '',
    ...headOf(results),
    'Everything of an engine, the driver and the target run on this one machine. `npm run bench` writes this page.',
    '',
    ...goalsSection(results),
    '## The same job on each engine',
    '',
    'A call is handed over; the engine POSTs to the target, reads the JSON, branches, and POSTs the flow end. Times in milliseconds.',
    '',
    jobTable(results.job),
    '',
    ...Object.entries(results.job).map(([name, one]) => `- **${name}**: ${told(one)}`),
    '',
    '## What a call costs',
    '',
    costTable(results.job),
    '',
    '## A telephone call against the same written by hand',
    '',
    'Answer, webhook, branch, prompt, hang-up, report, flow end. The floor has the same worker, activities, time-outs, search attributes, report',
    'and bridge; its workflow is written by hand for this one flow.',
    '',
    phoneTable(results.phone, 'floor'),
    '',
    'The same on the real server with PostgreSQL, whose CPU counts with that of the server.',
    '',
    phoneTable(results.postgresql, 'floor'),
    '',
    ...ivrSection(results.ivr),
    ...hooklineParts(results),
    ...scaleSection(results),
    NOTES,
  ].join('\n');
}

/** One date when one command measured everything; else the date of each part. */
function headOf({ runs }: Results): string[] {
  const known = PARTS.flatMap((part) => (runs[part] ? [{ part, run: runs[part] }] : []));
  const told = ({ date, machine: { cores, cpu, memoryGiB, system }, quick }: Run) =>
    `${date.slice(0, 10)}; ${cores} cores (${cpu}), ${memoryGiB} GiB, ${system}${quick ? '; a quick run' : ''}`;
  const dates = [...new Set(known.map(({ run }) => run.date))].sort();
  const missing = PARTS.filter((part) => !runs[part]);
  const without = missing.length > 0 ? [`Not measured: ${missing.join(', ')}.`, ''] : [];
  const [first] = known;
  if (first && dates.length === 1) return [`${told(first.run)}. All in one run.`, ...without];
  const rows = dates.flatMap((date) => {
    const of = known.filter(({ run }) => run.date === date);
    const [one] = of;
    return one ? [`- ${of.map(({ part }) => part).join(', ')}: ${told(one.run)}`] : [];
  });
  return [
    'Parts are from several runs. Figures of different lines here must not be compared:',
    '',
    ...rows,
    '',
    ...without,
  ];
}

function told(result: EngineResult): string {
  if ('unavailable' in result) return `not measured: ${result.unavailable}`;
  const versions = Object.entries(result.versions).map(([what, version]) => `${what} ${version}`);
  return `${result.about} (${versions.join(', ')})`;
}

function measured(results: Record<string, EngineResult>): [string, JobFigures][] {
  return Object.entries(results).flatMap(([name, one]) => ('unavailable' in one ? [] : [[name, one]]));
}

function jobTable(results: Record<string, EngineResult>): string {
  const head = [
    'engine',
    'call alone p50',
    'p95',
    'p99',
    'step alone p50',
    'calls/s, 50 at once',
    'call p50',
    'p99',
    'lost',
    'kill -9',
  ];
  return table(
    head,
    measured(results).map(([name, { single, many, lost, crash }]) => [
      ...[name, ...spreadCells(single.call), single.step.p50],
      ...[many.callsPerSecond, many.call.p50, many.call.p99, lost, crashCell(crash)],
    ]),
  );
}

function crashCell(crash: JobFigures['crash']): string {
  if (!crash) return '-';
  const { calls, ended, seconds } = crash;
  return seconds === null ? `${ended} of ${calls} went on within 20 s` : `all ${calls} went on, ${seconds} s`;
}

function costTable(results: Record<string, EngineResult>): string {
  return table(
    [
      'engine',
      'CPU a call, ms',
      'of which',
      'memory, MiB',
      'open loop: p50',
      'p99',
      'workflow tasks',
      'activities',
      'events',
    ],
    measured(results).map(([name, { many, paced, steps }]) => [
      ...[name, sum(many.cpuMsPerCall), parts(many.cpuMsPerCall), sum(many.memoryMiB), paced.call.p50, paced.call.p99],
      ...(steps ? [steps.workflowTasks, steps.activities, steps.events] : ['-', '-', '-']),
    ]),
  );
}

function parts(values: Record<string, number>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function ivrSection(ivr: Results['ivr']): string[] {
  if (Object.keys(ivr).length === 0) return [];
  return [
    '## An IVR of ten widgets against 0.6.0',
    '',
    'Answer, prompt, menu that nobody answers (three attempts), variable, two prompts, webhook, branch, two prompts, hang-up. 0.6.0 is built from its',
    'commit and sends each command alone; the bridge of the other takes sequences.',
    '',
    ...missingOf(ivr),
    phoneTable(ivr, '0.6.0'),
    '',
  ];
}

function missingOf(results: Record<string, EngineResult>): string[] {
  return Object.entries(results).flatMap(([name, one]) => ('unavailable' in one ? [`${name}: ${told(one)}`, ''] : []));
}

function phoneTable(results: Record<string, EngineResult>, against: string): string {
  const both = measured(results);
  const rows: [string, (figures: JobFigures) => number][] = [
    ['call alone, p50 ms', ({ single }) => single.call.p50],
    ['50 at once, p50 ms', ({ many }) => many.call.p50],
    ['calls/s, 50 at once', ({ many }) => many.callsPerSecond],
    ['CPU a call, ms', ({ many }) => sum(many.cpuMsPerCall)],
    ['workflow tasks', ({ steps }) => steps?.workflowTasks ?? NaN],
    ['activities', ({ steps }) => steps?.activities ?? NaN],
    ['events', ({ steps }) => steps?.events ?? NaN],
    ...(both.some(([, { served }]) => served) ? SERVED : []),
  ];
  const [floor, hookline] = [against, 'hookline'].map((name) => both.find(([other]) => other === name)?.[1]);
  return table(
    ['', against, 'hookline', `hookline / ${against}`],
    floor && hookline
      ? rows.map(([what, read]) => [what, read(floor), read(hookline), (read(hookline) / read(floor)).toFixed(2)])
      : [],
  );
}

/** What the server counts, where it was counted. */
const SERVED: [string, (figures: JobFigures) => number][] = [
  ["requests to the server's frontend", ({ served }) => served?.requests ?? NaN],
  ['writes of the server', ({ served }) => served?.writes ?? NaN],
];

/** What the figures do not say by themselves. */
const NOTES = `## How to read them

- **call**: from handing a call over until its flow end is at the target. **step**: from the target's answer until the flow end is
  at the target; for Hookline and the floor that includes a command to the bridge, which hangs up.
- **kill -9**: calls whose look-up waits for its answer when the engine's process (not its database or server) is killed and
  started again at once; until the last of them has its flow end.
- **open loop**: 5 calls a second, whatever becomes of them; times count from when each was due.
- The development server keeps everything in memory here; Restate, DBOS and the real server sync to disk, n8n writes to SQLite.
  Raw Temporal does not go on within 20 s of a kill: without heartbeats a lost activity is noticed at its time-out, a minute here.
- **many calls at once**: the development server has all processors here, and the worker memory for 20,000 calls. The bridge is watched as a whole, so
  that no command has heartbeats. Those of webhooks become fewer the more there are.
- **writes of the server**: executions of workflows that it created or updated, by its metrics, in calls that were made one after the other.
- n8n is tested with the expression engine that it comes with, a new V8 isolate for each execution; its older one costs it half.
- Plain Node and Node-RED are faster since they keep nothing: what they forget at a kill is the price. Restate and DBOS keep every
  step, and are faster than anything on a Temporal server: one writes a log of its own in Rust, the other two rows a step in
  PostgreSQL, where a Temporal server writes histories, timers, task queues and visibility for each step.
- Hookline does more in a call than the others in the job: it hangs a leg up through a bridge, keeps a report, indexes the call
  for search, and validates the flow and the account that come with the call.

## What is not measured

- More than one machine, a network, TLS, the payload codec (encryption).
- Media: the bridge carries each command out at once.
- Latency under overload; targets that are slow or fail.
- The peers after tuning by their makers: they run as their documentation recommends for one machine.
- Two cores are shared by driver, target and engine, so absolute figures are low; the ratios within one run are what counts.
  Another run differs by 10 to 20 %.
`;
