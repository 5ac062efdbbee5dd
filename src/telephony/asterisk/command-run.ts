/**
 * What a command has at hand while it is carried out. Contract B3, B4.
 * @module
 */
import { createHash } from 'node:crypto';
import type { BridgeCommand, CommandResult, CommandType } from '../commands.js';
import type { Ari } from './ari/ari.js';
import type { AriWaits } from './ari/ari-waits.js';
import type { ChannelLeg, EventWhat } from './legs/channel-leg.js';
import type { Progress } from './journal.js';
import type { RecordingFolder } from './recording-folder.js';
import type { PromptCache } from './speech/prompt-cache.js';
import type { Trunks } from './trunks.js';

/** What all calls of a node share. */
export interface NodeServices {
  ari: Ari;
  waits: AriWaits;
  prompts: PromptCache;
  recordings: RecordingFolder;
  trunks: Trunks;
  /** Names of the hold tunes that Asterisk has. */
  tunes: readonly string[];
}

/** The call of a command. */
export interface CallOfCommand {
  id: string;
  legs: ReadonlyMap<string, ChannelLeg>;
  /** A leg that only the bridge knows: the party that another one is handed over to. */
  hiddenLeg(name: string): ChannelLeg;
  /** The channels of these legs are none of ours any more. */
  release(...legs: ChannelLeg[]): void;
  /** Records everything that is said on a leg from now on; one that is under way goes on. */
  recordWhole(leg: ChannelLeg, name: string): Promise<void>;
  /** Sends an event of a leg. */
  emit(leg: ChannelLeg, what: EventWhat): Promise<void>;
}

/** A command of one type. */
export type CommandOf<T extends CommandType> = Extract<BridgeCommand, { type: T }>;

/** One command that is carried out. */
export interface CommandRun<T extends CommandType> {
  node: NodeServices;
  call: CallOfCommand;
  leg: ChannelLeg;
  command: CommandOf<T>;
  /** How far a process before this one was; undefined when the command is new. */
  before: Progress | undefined;
  /** Notes how far it is. */
  note: (progress: Progress) => void;
}

/** The result of a command that was carried out. */
export function done(more: { digits?: string; ended?: 'complete' | 'noInput' | 'timeout' } = {}): CommandResult {
  return { result: 'done', at: new Date().toISOString(), ...more };
}

/** An id for Asterisk, always the same for the same thing, of characters that are safe in a path. */
export function idOf(...parts: string[]): string {
  return `hl-${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 24)}`;
}

/** Ends the hold tune of a leg. */
export function silence({ node }: Pick<CommandRun<CommandType>, 'node'>, leg: ChannelLeg): () => Promise<void> {
  return () => node.ari.stopTune(leg.channel);
}
