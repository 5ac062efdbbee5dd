import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { PromptCache } from '../../src/telephony/asterisk/speech/prompt-cache.js';
import { commandEngine } from '../../src/telephony/asterisk/speech/speech-engine.js';
import { espeak, unpacked } from './asterisk/fetch-asterisk.js';
import { TUNES } from './asterisk/start-asterisk.js';
import { RATE, samplesIn } from './asterisk/tone-wav.js';
import { findIn, toneStretch } from './sip/heard.js';

const root = inject('asterisk');
const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const PROMPTS = [
  'Welcome to the shop. One moment, please.',
  'Your order 1001 with 2 items is on its way with Blue Dart.',
];

describe.skipIf(root === null)('npm run phone -- --once', () => {
  it(
    'ends well within two minutes; its wav has each prompt, the first at once and the second after the hold tune',
    { timeout: 120_000 },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'hookline-demo-'));
      const { code, said } = await demo(folder);
      expect({ code, said }).toMatchObject({ code: 0 });
      const heard = samplesIn(readFileSync(join(folder, '.hookline/phone.wav')));
      const cache = new PromptCache({
        ...{ folder, prompts: null, engine: commandEngine([...espeak(root ?? ''), '--stdin', '--stdout']) },
        sox: unpacked(root ?? '', 'usr/bin/sox'),
      });
      const [first, second] = await Promise.all(
        PROMPTS.map(async (text) => findIn(heard, samplesIn(readFileSync(await cache.file({ text }))))),
      );
      expect([first?.likeness, second?.likeness].every((likeness) => (likeness ?? 0) > 0.9)).toBe(true);
      const tune = toneStretch(heard, RATE, TUNES.default);
      expect(first?.ms).toBeLessThan(200);
      expect(tune.from).toBeGreaterThan(first?.ms ?? Infinity);
      expect(second?.ms).toBeGreaterThan(tune.to - 100);
      expect(second?.ms).toBeLessThan(tune.to + 1000);
      rmSync(folder, { recursive: true });
    },
  );
});

/** Runs the command in a folder. */
function demo(cwd: string): Promise<{ code: number | null; said: string }> {
  const tsx = path('../../node_modules/tsx/dist/cli.mjs');
  const child = spawn(process.execPath, [tsx, path('demo/demo.ts'), '--once'], { cwd });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}
