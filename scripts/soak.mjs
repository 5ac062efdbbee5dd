// `npm run soak`: what is long by nature. Reduced it takes about an hour; `--full` is for a release, takes about seven hours, and
// writes the figures of each part with their date to docs/soak.md. A part that did not run keeps those of its last full run.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Only the parts whose script has this in its name; default: all. */
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length) ?? '';

const root = fileURLToPath(new URL('..', import.meta.url));
const full = process.argv.includes('--full');
const PAGE = `${root}docs/soak.md`;
/** Calls under chaos with each of what bridges may announce, and without. */
const chaosOf = (calls, kills, minutes) =>
  [
    ['--sequences', 'on', '--watched'],
    ['--sequences', 'off', '--watched'],
    ['--sequences', 'on'],
    ['--sequences', 'off'],
  ].map((more) => ({
    ...{ script: 'test/durability/chaos/chaos.ts', minutes },
    args: ['--calls', calls, '--kills', kills, ...more],
  }));
/** Minutes after which a part is ended, and has failed. */
const PARTS = full
  ? [
      { script: 'test/durability/chaos/chaos.ts', args: ['--calls', '10000', '--kills', '200'], minutes: 150 },
      { script: 'test/durability/memory.ts', args: ['--minutes', '120'], minutes: 130 },
      { script: 'test/durability/lost-node.ts', args: ['--calls', '1000'], minutes: 10 },
      { script: 'test/upgrade/rolling.ts', args: [], minutes: 10 },
      ...chaosOf('1000', '20', 25),
      { script: 'test/durability/memory-by-calls.ts', args: ['--from', '5000', '--to', '20000'], minutes: 120 },
      { script: 'test/durability/attackers.ts', args: ['--calls', '40'], minutes: 20 },
      { script: 'test/durability/costly.ts', args: ['--calls', '60'], minutes: 15 },
      { script: 'test/phone/phone-kills.ts', args: ['--calls', '600', '--kills', '30'], minutes: 20 },
      { script: 'test/phone/phone-memory.ts', args: ['--from', '500', '--to', '2000'], minutes: 10 },
    ]
  : [
      { script: 'test/durability/chaos/chaos.ts', args: ['--calls', '1000', '--kills', '20'], minutes: 25 },
      { script: 'test/durability/memory.ts', args: ['--minutes', '10'], minutes: 12 },
      { script: 'test/durability/lost-node.ts', args: ['--calls', '1000'], minutes: 7 },
      { script: 'test/upgrade/rolling.ts', args: [], minutes: 8 },
      { script: 'test/durability/memory-by-calls.ts', args: ['--from', '500', '--to', '2000'], minutes: 10 },
      { script: 'test/durability/attackers.ts', args: ['--calls', '20'], minutes: 8 },
      { script: 'test/durability/costly.ts', args: ['--calls', '20'], minutes: 8 },
      { script: 'test/phone/phone-kills.ts', args: ['--calls', '200', '--kills', '10'], minutes: 8 },
      { script: 'test/phone/phone-memory.ts', args: ['--from', '500', '--to', '2000'], minutes: 10 },
    ];

const results = [];
for (const part of PARTS.filter(({ script }) => script.includes(only))) results.push(await run(part));
if (full) writeFileSync(PAGE, page());
process.exit(results.every(({ passed }) => passed) ? 0 : 1);

/** Runs a part; its last line holds its figures, or each line that says what held. */
async function run({ script, args, minutes }) {
  const child = spawn(process.execPath, [`${root}node_modules/tsx/dist/cli.mjs`, script, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: minutes * 60_000,
  });
  let figures = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    console.log(line);
    figures = /^(held|BROKEN): /.test(line) && figures !== '' ? `${figures}<br>${line}` : line;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) console.error(`${script} failed`);
  return { name: nameOf({ script, args }), figures, passed: code === 0 };
}

function page() {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
  const day = new Date().toISOString().slice(0, 10);
  const rows = new Map(published());
  for (const { name, figures, passed } of results)
    rows.set(name, `| \`${name}\` | ${day} | ${passed ? 'passed' : 'failed'} | ${figures} | ${machine} |`);
  return [
    '# Soak\n',
    'The last full run of each part, written by `npm run soak -- --full`. [The check](check.md#soak) says what fails.\n',
    '| part | date | | figures | machine |\n|---|---|---|---|---|',
    ...PARTS.flatMap((part) => rows.get(nameOf(part)) ?? []),
    '',
  ].join('\n');
}

/** A part as the page names it. */
function nameOf({ script, args }) {
  return [script, ...args].join(' ');
}

/** The rows of the page as it is, by the name of their part. */
function published() {
  const lines = existsSync(PAGE) ? readFileSync(PAGE, 'utf8').split('\n') : [];
  return lines.flatMap((line) => {
    const name = /^\| `([^`]+)` \|/.exec(line)?.[1];
    return name === undefined ? [] : [[name, line]];
  });
}
