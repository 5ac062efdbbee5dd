// `npm run soak`: what is long by nature. Reduced it takes at most 60 minutes; `--full` is for a release, takes six hours, and
// writes its figures with their date to docs/soak.md.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Only the parts whose script has this in its name; default: all. */
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length) ?? '';

const root = fileURLToPath(new URL('..', import.meta.url));
const full = process.argv.includes('--full');
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
      { script: 'test/durability/attackers.ts', args: ['--calls', '20'], minutes: 6 },
      { script: 'test/durability/costly.ts', args: ['--calls', '20'], minutes: 8 },
      { script: 'test/phone/phone-kills.ts', args: ['--calls', '200', '--kills', '10'], minutes: 8 },
      { script: 'test/phone/phone-memory.ts', args: ['--from', '500', '--to', '2000'], minutes: 10 },
    ];

const results = [];
for (const part of PARTS.filter(({ script }) => script.includes(only))) results.push(await run(part));
if (full && only === '') writeFileSync(`${root}docs/soak.md`, page());
process.exit(results.every(({ passed }) => passed) ? 0 : 1);

/** Runs a part; its last line holds its figures. */
async function run({ script, args, minutes }) {
  const child = spawn(process.execPath, [`${root}node_modules/tsx/dist/cli.mjs`, script, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: minutes * 60_000,
  });
  let figures = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    console.log(line);
    figures = line;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) console.error(`${script} failed`);
  return { figures, passed: code === 0 };
}

function page() {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
  const rows = results.map(({ figures, passed }) => `| ${passed ? 'passed' : 'failed'} | ${figures} |`);
  return [
    '# Soak\n',
    `Written by \`npm run soak -- --full\` on ${new Date().toISOString().slice(0, 10)} (${machine}).\n`,
    '| | figures |\n|---|---|',
    ...rows,
    '',
  ].join('\n');
}
