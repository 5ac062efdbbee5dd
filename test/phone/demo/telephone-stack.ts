/**
 * Everything that a telephone needs: the development stack, Asterisk, a bridge between them, each a process of its own.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../../src/temporal/servers/ports.js';
import type { AsteriskSettings } from '../../../src/telephony/asterisk/asterisk-settings.js';
import { PromptCache } from '../../../src/telephony/asterisk/speech/prompt-cache.js';
import { commandEngine } from '../../../src/telephony/asterisk/speech/speech-engine.js';
import { asteriskRoot, espeak, unpacked } from '../asterisk/fetch-asterisk.js';
import { type RunningAsterisk, startAsterisk } from '../asterisk/start-asterisk.js';
import { type Child, hookline } from './child.js';

/** The parts that run. */
export interface TelephoneStack {
  asterisk: RunningAsterisk;
  apiUrl: string;
  /** `HOST:PORT` of the Temporal server. */
  temporal: string;
  uiUrl: string | null;
  /** The sounds of prompts, as the bridge plays them. */
  prompts: PromptCache;
  /** Sends JSON to the API with the operator's key. */
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Starts the bridge, also after it was killed. */
  startBridge(): Promise<Child>;
  /** Kills the stack's worker; resolves when the next one takes calls. */
  killWorker(): Promise<void>;
  stop(): Promise<void>;
}

/** What the bridge serves. */
export interface TelephoneOptions {
  trunks?: (asterisk: RunningAsterisk) => AsteriskSettings['trunks'];
  numbers?: AsteriskSettings['numbers'];
  /** Further settings of the bridge. */
  settings?: Partial<Pick<AsteriskSettings, 'prompts' | 'can'>>;
  /** `HOST:PORT` of the Temporal server, default one of the stack's own. */
  temporal?: string;
  /** Where phones reach Asterisk, default this machine. */
  address?: string | undefined;
  say: (line: string) => void;
}

/** Starts all of them. @throws {NoAsterisk} where there can be none */
export async function startTelephone({
  trunks,
  numbers = [],
  settings: more = {},
  temporal,
  address,
  say,
}: TelephoneOptions): Promise<TelephoneStack> {
  const root = await asteriskRoot(say);
  const home = mkdtempSync(join(tmpdir(), 'hookline-phone-'));
  const ends: (() => Promise<unknown> | void)[] = [() => rmSync(home, { recursive: true, force: true, maxRetries: 5 })];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const asterisk = await startAsterisk(root, address);
    ends.push(() => asterisk.stop());
    const stack = await hookline(
      ['start'],
      {
        ...{ HOOKLINE_HOME: home, HOOKLINE_API_PORT: String(await freePort()) },
        ...(temporal !== undefined && { TEMPORAL_ADDRESS: temporal }),
      },
      /^Ready\./m,
    );
    ends.push(() => stack.stop());
    const note = JSON.parse(readFileSync(join(home, 'stack.json'), 'utf8')) as {
      apiUrl: string;
      address: string;
      uiUrl: string;
    };
    const key = readFileSync(join(home, 'operator-key'), 'utf8').trim();
    const settings = {
      id: 'phone',
      ari: { url: asterisk.url, user: asterisk.user },
      trunks: trunks?.(asterisk) ?? [],
      ...{ numbers, tunes: ['default', 'second'], home: join(home, 'bridge') },
      speech: { command: [...espeak(root), '--stdin', '--stdout'] },
      sox: unpacked(root, 'usr/bin/sox'),
      ...more,
    };
    const config = join(home, 'asterisk.json');
    writeFileSync(config, JSON.stringify(settings));
    return {
      ...{ asterisk, apiUrl: note.apiUrl, temporal: note.address, uiUrl: note.uiUrl, stop },
      prompts: new PromptCache({
        folder: join(home, 'bridge/phone/prompts'),
        engine: commandEngine(settings.speech.command),
        sox: settings.sox,
        prompts: null,
      }),
      api: (method, path, body) => ask(`${note.apiUrl}/v1${path}`, key, method, body),
      async startBridge() {
        const env = { HOOKLINE_HOME: home, TEMPORAL_ADDRESS: note.address, HOOKLINE_ARI_PASSWORD: asterisk.password };
        const bridge = await hookline(['bridge', 'asterisk', '--config', config], env, /takes commands/);
        ends.push(() => bridge.stop());
        return bridge;
      },
      async killWorker() {
        const workers = () => [...stack.said().matchAll(/worker takes calls \(process (\d+)\)/g)];
        const before = workers();
        process.kill(Number(before.at(-1)?.[1]), 'SIGKILL');
        while (workers().length === before.length) await pause(20);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ask(url: string, key: string, method: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
