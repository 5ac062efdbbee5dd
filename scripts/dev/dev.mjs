// `npm run dev`: the development stack from the sources, in one terminal. Types are checked as files change; worker and API
// start again, and calls that wait continue on the new worker. Ctrl-C ends everything.
import { fork, spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Child } from './child.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const withTsx = { cwd: root, execArgv: ['--import', 'tsx'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] };

const stack = new Child('stack', () => fork(source('scripts/dev/stack.ts'), withTsx));
const found = await stack.message();
// Without keys a development stack encrypts nothing.
const keys = process.env.HOOKLINE_CODEC_KEYS || process.env.HOOKLINE_CODEC_KEYS_FILE;
const env = { ...(!keys && { HOOKLINE_CODEC: 'off' }), ...process.env, ...found };
const types = new Child('types', () =>
  spawn(process.execPath, [source('node_modules/typescript/bin/tsc'), '--watch', '--preserveWatchOutput'], {
    ...{ cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  }),
);
const restarted = ['worker', 'api'].map(
  (name) => new Child(name, () => fork(source(`src/${name === 'api' ? 'server' : 'worker'}.ts`), { ...withTsx, env })),
);

let timer;
watch(source('src'), { recursive: true }, (_event, file) => {
  if (!/\.[cm]?ts$/.test(file ?? '') || file.endsWith('.test.ts')) return;
  clearTimeout(timer);
  // An editor saves several files, and each of them twice.
  timer = setTimeout(() => {
    console.log(`dev    | ${file} changed: worker and API start again`);
    for (const child of restarted) void child.restart();
  }, 300);
});

const stop = async () => {
  clearTimeout(timer);
  await Promise.all([types, ...restarted].map((child) => child.stop()));
  await stack.stop();
  process.exit(0);
};
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
