/**
 * The settings file of a bridge node on Asterisk (`hookline bridge asterisk --config`). Contract B1.
 * @module
 */
import { join } from 'node:path';
import * as z from 'zod';
import type { NodeServices } from './command-run.js';
import { RecordingFolder } from './recording-folder.js';
import { PromptCache } from './speech/prompt-cache.js';
import { commandEngine, ESPEAK, httpEngine } from './speech/speech-engine.js';
import { trunk, Trunks } from './trunks.js';

const command = z.array(z.string().max(500)).min(1).max(50);
const isPattern = (pattern: string) => {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
};

/** The file. Paths are relative to the working folder. */
export const asteriskSettings = z.strictObject({
  /** The node: part of the workflow ids of its calls, and never that of another node. */
  id: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, 'A node is named by letters, digits, ".", "_" and "-".'),
  /** What its starts say that it does, to be switched on once no worker of 0.6 is left: `sequence`, several commands in one. Contract B7. */
  can: z
    .array(z.enum(['sequence']))
    .max(1)
    .default([]),
  ari: z
    .strictObject({
      /** Asterisk's HTTP server. */
      url: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8088'),
      user: z.string().min(1).max(100).default('hookline'),
      /** The Stasis application that `extensions.conf` names. */
      app: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,100}$/)
        .default('hookline'),
    })
    .prefault({}),
  /** The ways out, looked at in this order; without one no number can be dialled. */
  trunks: z
    .array(
      trunk.refine(({ numbers }) => isPattern(numbers), { path: ['numbers'], error: 'This is no regular expression.' }),
    )
    .max(100)
    .default([]),
  /** Numbers that may be called on this node, and the stored flow that each begins; our API is asked for any other. */
  numbers: z
    .array(
      z.strictObject({
        number: z.string().min(1).max(100),
        account: z.int().min(1),
        flow: z.string().min(1).max(100),
      }),
    )
    .max(10_000)
    .default([]),
  /** Sections of `musiconhold.conf`; a `hold` that names another one plays `default`. */
  tunes: z.array(z.string().min(1).max(100)).max(1000).default(['default']),
  /** Text to speech: a program that reads the text and writes the sound, or an engine over HTTP. */
  speech: z
    .union([z.strictObject({ command }), z.strictObject({ url: z.url({ protocol: /^https?$/ }) })])
    .default({ command: [...ESPEAK] }),
  /** The command of sox, which makes 8 kHz WAV files. */
  sox: command.default(['sox']),
  /** The folder of prompt files, null: none are played. */
  prompts: z.string().min(1).max(500).nullable().default(null),
  /** Where journal, sounds and recordings lie. */
  home: z.string().min(1).max(500).default('.hookline/asterisk'),
});

/** The settings, with every default filled in. */
export type AsteriskSettings = z.output<typeof asteriskSettings>;

/** The file of the node's journal. */
export function journalFile({ home, id }: AsteriskSettings): string {
  return join(home, id, 'journal.jsonl');
}

/** The file of the numbers that the API has answered for. */
export function didsFile({ home, id }: AsteriskSettings): string {
  return join(home, id, 'dids.json');
}

/** What the calls of the node share. */
export function servicesOf(settings: AsteriskSettings): Omit<NodeServices, 'ari' | 'waits'> {
  const { home, id, speech, sox, prompts, trunks, tunes } = settings;
  const engine = 'url' in speech ? httpEngine(speech.url) : commandEngine(speech.command);
  return {
    prompts: new PromptCache({ folder: join(home, id, 'prompts'), engine, sox, prompts }),
    recordings: new RecordingFolder(join(home, id, 'recordings')),
    trunks: new Trunks(trunks),
    tunes,
  };
}
