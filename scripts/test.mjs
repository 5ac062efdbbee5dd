// `npm test`: the lanes of vitest.config.ts side by side, then the heavy tests. With arguments: vitest with these, and nothing else.
// Leaves `.check/timings.json`. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
/** Names of projects that run in one process of vitest, one process a lane. */
const LANES = { work: ['work', 'calls', 'mocks', 'PostgreSQL'], wait: ['wait'] };
const HEAVY = { heavy: ['heavy'], phone: ['phone'] };
/** How many of the slowest files are shown. */
const SLOWEST = 15;

const args = process.argv.slice(2);
if (args.length > 0) {
  const child = spawn(process.execPath, [vitest, 'run', ...args], { cwd: root, stdio: 'inherit' });
  child.once('close', (code) => process.exit(code ?? 1));
} else {
  const results = await Promise.all(Object.entries(LANES).map(([lane, projects]) => run(lane, projects)));
  for (const [lane, projects] of Object.entries(HEAVY)) results.push(await run(lane, projects));
  const files = results.flatMap((result) => result.files).sort((a, b) => b.seconds - a.seconds);
  writeFileSync(`${root}.check/timings.json`, `${JSON.stringify(files, null, 1)}\n`);
  summarise(files, results);
}

/** Runs projects; what a process of vitest prints is passed on by whole lines. */
async function run(lane, projects) {
  const timings = `${root}.check/${lane}.json`;
  rmSync(timings, { force: true });
  const child = spawn(
    process.execPath,
    [
      ...[vitest, 'run', ...projects.flatMap((project) => ['--project', project])],
      ...['--reporter=default', '--reporter=./scripts/timings-reporter.mjs'],
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOOKLINE_TIMINGS: timings } },
  );
  createInterface({ input: child.stdout }).on('line', (line) => console.log(line));
  createInterface({ input: child.stderr }).on('line', (line) => console.error(line));
  const code = await new Promise((resolve) => child.once('close', resolve));
  try {
    return { code, ...JSON.parse(readFileSync(timings, 'utf8')) };
  } catch {
    console.error(`The lane ${lane} left no timings.`);
    return { code, files: [], unhandled: [[`The lane ${lane} left no timings; vitest ended with code ${code}.`]] };
  }
}

function summarise(files, results) {
  console.log(`\nthe slowest of ${files.length} test files (all in .check/timings.json):`);
  for (const { seconds, project, file } of files.slice(0, SLOWEST))
    console.log(`${seconds.toFixed(1).padStart(7)} s  ${project.padEnd(10)}  ${file}`);
  for (const { file, again } of files) for (const name of again) console.log(`tried once more: ${file} > ${name}`);
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  const unhandled = results.flatMap((result) => result.unhandled);
  const found = sum('failed') + unhandled.length;
  // A process of vitest that fails for a reason it does not count is a failure, too.
  const failed = found || results.filter(({ code }) => code !== 0).length;
  if (failed > 0) printFailures(files, unhandled);
  const skipped = sum('skipped') ? `, ${sum('skipped')} skipped` : '';
  console.log(`\n${sum('passed')} passed, ${failed} failed${skipped}`);
  process.exitCode = failed === 0 && sum('passed') > 0 ? 0 : 1;
}

/** What failed, and why: the end of the output tells it, however long the rest is. */
function printFailures(files, unhandled) {
  console.log('\nwhat failed:');
  for (const { project, file, failures } of files)
    for (const { name, reasons } of failures)
      printFailure(`${project}  ${file === name ? file : `${file} > ${name}`}`, reasons);
  if (unhandled.length > 0) printFailure('errors that no test caught', unhandled);
}

function printFailure(what, reasons) {
  console.log(`  ${what}`);
  for (const line of reasons.flat()) console.log(`      ${line}`);
}
