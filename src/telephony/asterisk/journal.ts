/**
 * The journal of a node: what must be known after the bridge's process was killed while Asterisk held its calls. One line of JSON for
 * each thing, written before it is done or said; the file is for its owner alone, since it holds what callers hear and press.
 * Contract B3.
 * @module
 */
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { BridgeCommand, BridgeErrorType, CommandResult } from '../commands.js';
import type { BridgeEvent } from '../events.js';

/** What came of a command. */
export type Outcome = CommandResult | { error: { type: BridgeErrorType; message: string } };

/** How far a command is that takes time. */
export interface Progress {
  /** Index of the prompt that was begun, and whether Asterisk said that it plays. */
  prompt?: number;
  playing?: boolean;
  /** When it was begun, in milliseconds of the epoch. */
  since?: number;
  /** Keys that it took. */
  digits?: string;
}

/** One line. */
export type JournalLine =
  | { asterisk: string }
  | { call: string; begins: { workflowId: string; eventsUrl?: string | undefined } }
  | { call: string; leg: string; channel: string; hidden?: boolean }
  | { call: string; leg: string; answered: true }
  | { call: string; leg: string; keys: string }
  | { call: string; command: BridgeCommand; token?: string | undefined }
  | { call: string; commandId: string; progress: Progress }
  | { call: string; commandId: string; outcome: Outcome }
  | { call: string; event: BridgeEvent }
  | { call: string; sent: string }
  | { call: string; forgotten: true };

/** Bytes beyond which lines of forgotten calls are dropped, when they are the greater part. */
const COMPACT_BYTES = 8 * 1024 * 1024;

/** The file. */
export class Journal {
  #file: number;
  #size: number;
  #closed = false;
  #compactAt = COMPACT_BYTES;

  private constructor(private readonly path: string) {
    this.#file = openSync(path, 'a', 0o600);
    this.#size = statSync(path).size;
  }

  /** Opens the journal, which is made when it is not there, and gives the lines of calls that are not forgotten. */
  static open(path: string): { journal: Journal; lines: JournalLine[] } {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, '', { mode: 0o600 });
    const journal = new Journal(path);
    return { journal, lines: journal.#compact() };
  }

  /** Appends a line. It outlives this process at once; a machine that loses power loses Asterisk's calls, too. */
  write(line: JournalLine): void {
    if (this.#closed) return;
    this.#size += writeSync(this.#file, `${JSON.stringify(line)}\n`);
    if (this.#size > this.#compactAt) this.#compact();
  }

  /** Closes the file. */
  close(): void {
    this.#closed = true;
    closeSync(this.#file);
  }

  #compact(): JournalLine[] {
    const lines = readFileSync(this.path, 'utf8').split('\n').flatMap(parsed);
    const forgotten = new Set(lines.flatMap((line) => ('forgotten' in line ? [line.call] : [])));
    const lastStart = lines.findLast((line) => 'asterisk' in line);
    const kept = lines.filter((line) => ('call' in line ? !forgotten.has(line.call) : line === lastStart));
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(`${this.path}.new`, text, { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
    closeSync(this.#file);
    this.#file = openSync(this.path, 'a', 0o600);
    this.#size = Buffer.byteLength(text);
    this.#compactAt = Math.max(COMPACT_BYTES, this.#size * 2);
    return kept;
  }
}

/** A line that was cut by a kill is left out. */
function parsed(text: string): JournalLine[] {
  try {
    return [JSON.parse(text) as JournalLine];
  } catch {
    return [];
  }
}
