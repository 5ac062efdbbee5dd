import { execFile } from 'node:child_process';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DevStack } from '../support/dev-stack.js';
import { orderServiceTurn } from '../support/order-service.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'docs/tutorial');
const pages = (await readdir(folder)).filter((name) => /^\d/.test(name)).sort();

let service: ChildProcess | undefined;
let home: string;
let stack: DevStack;
let giveOn: () => Promise<void>;
beforeAll(async () => {
  giveOn = await orderServiceTurn();
  home = await mkdtemp(join(tmpdir(), 'hookline-tutorial-'));
  await mkdir(join(home, 'bin'));
  const npx = `#!/bin/sh\n[ "$1" = hookline ] && shift && exec '${process.execPath}' '${root}bin/hookline.js' "$@"\n`;
  await writeFile(join(home, 'bin/npx'), npx, { mode: 0o755 });
  stack = await DevStack.start();
  await stack.startWorker();
  // What `npm start` has running; one that runs already is as good.
  service = fork(join(root, 'examples/order-status/service.mjs'), { stdio: 'ignore' });
  await Promise.race([once(service, 'message'), once(service, 'exit')]);
}, 300_000);
afterAll(async () => {
  service?.kill();
  await stack.stop();
  await giveOn();
  await rm(home, { recursive: true });
});

/** The blocks of a page, in order: commands, what they print, and JSON of the files that the page speaks of. */
async function blocksOf(page: string): Promise<{ language: string; text: string }[]> {
  const text = await readFile(join(folder, page), 'utf8');
  return [...text.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }));
}

/**
 * The first page runs as it stands: npx finds the command, and the call has a stack of its own. The others save seconds for each
 * command: npx is left out, and their calls run on one stack.
 */
function environment(page: string): NodeJS.ProcessEnv {
  const env = { ...process.env, HOOKLINE_HOME: home, NO_COLOR: '1' };
  if (page === pages[0]) return env;
  return { ...env, PATH: `${home}/bin:${process.env.PATH}`, TEMPORAL_ADDRESS: stack.server.address };
}

describe('docs/tutorial', () => {
  it.each(pages)(
    '%s: each command does what the page shows',
    async (page) => {
      const blocks = await blocksOf(page);
      expect(blocks.some(({ language }) => language === 'sh')).toBe(true);
      for (const [index, { language, text }] of blocks.entries()) {
        if (language !== 'sh') continue;
        const shown = blocks[index + 1];
        expect(shown?.language, `what "${text}" prints`).toBe('text');
        const { stdout, stderr } = await run('bash', ['-euc', text], { cwd: root, env: environment(page) });
        for (const line of shown?.text.trim().split('\n') ?? []) expect(stdout + stderr).toContain(line);
      }
    },
    120_000,
  );

  it('what the pages show of files is what stands in them', async () => {
    const files = await readdir(join(root, 'examples/tutorial'), { recursive: true });
    const texts = await Promise.all(
      files
        .filter((name) => name.endsWith('.json'))
        .map((name) => readFile(join(root, 'examples/tutorial', name), 'utf8')),
    );
    const plain = (text: string) => text.replace(/\s+/g, '');
    const all = texts.map(plain);
    for (const page of pages) {
      for (const { language, text } of await blocksOf(page)) {
        if (language === 'json')
          expect(
            all.some((file) => file.includes(plain(text))),
            text,
          ).toBe(true);
      }
    }
  });
});
