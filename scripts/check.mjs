// The whole check of a clean checkout, as `.ci/run` starts it: install and build; then the tests, and beside them lint, types and calls
// under chaos; then the README's first command. Prints the end of the log of each step that failed, and what each step took. The last
// line is `N passed, N failed`: tests, and one failure more for each other step that fails.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const logs = `${root}.check/`;
mkdirSync(logs, { recursive: true });
/** The test command of the README, as `.ci/run` names it. */
const [command, ...args] = process.argv.length > 2 ? process.argv.slice(2) : ['npm', 'test'];
/** Foreign programs that tests speak to, with the Debian package of each. A test whose program is absent is skipped and says so. */
const PROGRAMS = { '/usr/sbin/apache2': 'apache2-bin', '/usr/bin/tinyproxy': 'tinyproxy-bin' };
/** How many lines of the log of a step that failed are repeated at the end. */
const LAST_LINES = 40;
const steps = [];
const start = performance.now();
const since = (moment) => ((performance.now() - moment) / 1000).toFixed(0);

// Builds, too: `prepare` is part of the installation.
const [installed] = await Promise.all([step('install', 'npm', ['ci'], { shown: true }), programs()]);
if (!installed) end('0 passed, 1 failed');
const [tests] = await Promise.all([step('test', command, args, { shown: true }), beside()]);
await step('start', 'npm', ['start', '--', '--once']);
if (process.env.HOOKLINE_SOAK) await step('soak', 'npm', ['run', '--silent', 'soak']);
end(summary());

/** Installs the programs that are absent, where that can be done. */
async function programs() {
  const absent = Object.entries(PROGRAMS).filter(([path]) => !existsSync(path));
  if (absent.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const packages = absent.map(([, name]) => name).join(' ');
  const install = `apt-get update -q && apt-get install -qy --no-install-recommends ${packages}`;
  await step('programs', 'sh', [
    '-c',
    `${install} || echo "not installed: ${packages}; the tests with them are skipped"`,
  ]);
}

/** What needs no turn of its own: while tests wait, these work. */
async function beside() {
  await step('lint', 'npm', ['run', '--silent', 'lint']);
  await step('types', 'npm', ['run', '--silent', 'types']);
  await step('chaos', 'npm', ['run', '--silent', 'chaos']);
}

/** Runs a command. What it prints goes to `.check/<name>.log`, and is shown at once, or when it ends. */
async function step(name, command, args, { shown = false } = {}) {
  const begin = performance.now();
  console.log(`== ${name}: ${command} ${args.join(' ')}`);
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(`${logs}${name}.log`);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      log.write(chunk);
      if (shown) process.stdout.write(chunk);
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve).once('error', () => resolve(1)));
  await new Promise((resolve) => log.end(resolve));
  if (!shown) process.stdout.write(readFileSync(`${logs}${name}.log`, 'utf8'));
  console.log(`== ${name}: ${code === 0 ? 'done' : 'FAILED'} after ${since(begin)} s`);
  steps.push({ name, seconds: since(begin), passed: code === 0 });
  return code === 0;
}

/** The last line of the tests, with the steps that failed beside them. */
function summary() {
  const others = steps.filter(({ name, passed }) => name !== 'test' && !passed).length;
  const said = readFileSync(`${logs}test.log`, 'utf8');
  const [untested] = said.match(/^PHONE NOT TESTED: .*$/m) ?? [];
  if (untested) console.log(`\n${untested}`);
  const line = said.match(/^(\d+) passed, (\d+) failed(, \d+ skipped)?$/m);
  const [, passed = '0', failed = '0', skipped = ''] = line ?? [];
  const counted = Number(failed) + others;
  return `${passed} passed, ${counted || (tests ? 0 : 1)} failed${skipped}`;
}

/** The lines of a step's log that say why it failed: `npm test` ends with what failed, however much that is. */
function lastLines(name) {
  const lines = readFileSync(`${logs}${name}.log`, 'utf8').trimEnd().split('\n');
  const failures = lines.lastIndexOf('what failed:');
  return lines.slice(failures < 0 ? -LAST_LINES : failures);
}

function end(line) {
  for (const { name, passed } of steps)
    if (!passed) console.log([`\n== ${name} failed; the end of .check/${name}.log:`, ...lastLines(name)].join('\n'));
  console.log('\n== seconds per step');
  for (const { name, seconds, passed } of steps)
    console.log(`${seconds.padStart(6)} s  ${name}${passed ? '' : '  FAILED'}`);
  console.log(`${since(start).padStart(6)} s  in all\n\n${line}`);
  process.exit(steps.every(({ passed }) => passed) ? 0 : 1);
}
