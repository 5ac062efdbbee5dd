/**
 * Whose a number is that was dialled: the settings of the node say so or, for other numbers, our API. What the API answered last stands in
 * while it does not answer, also for the next process. Contract B1, B6, C6.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { Signature } from '../http/signature.js';
import type { Route } from './incoming-call.js';

/** Milliseconds that the API has for an answer: the caller hears nothing meanwhile. */
const ANSWER_MS = 2000;
/** Milliseconds for which an answer may stand in for the API. */
const KEPT_MS = 24 * 3600_000;
/** Answers that are kept; what was asked for longest ago makes room. */
const MOST = 10_000;
/** Milliseconds after which the file notes again when a number was asked for. */
const NOTE_MS = 3600_000;

const kept = z.record(
  z.string(),
  z.object({ account: z.int(), flow: z.object({ id: z.string() }), at: z.number(), noted: z.number().default(0) }),
);
type Kept = z.output<typeof kept>[string];

/** How numbers are looked up. */
export interface DidLookupOptions {
  /** The numbers of the node's settings, which count first. */
  numbers: readonly { number: string; account: number; flow: string }[];
  /** Null: no other numbers are known. */
  api: { apiUrl: string; signature: Signature | null } | null;
  /** The file of answers, for its owner alone. */
  file: string;
  /** Says what an operator should know; holds no number. */
  log: (message: string, error?: unknown) => void;
}

/** Numbers and where they lead. */
export class DidLookup {
  readonly #own: ReadonlyMap<string, Route>;
  readonly #kept: Map<string, Kept>;

  constructor(
    private readonly options: DidLookupOptions,
    private readonly now: () => number = Date.now,
  ) {
    const { numbers, file } = options;
    this.#own = new Map(numbers.map(({ number, account, flow }) => [number, { account, flow: { id: flow } }]));
    this.#kept = new Map(Object.entries(answersIn(file)));
  }

  /** Where a number leads; null: nowhere. Rejects when nobody can say so now. */
  readonly route = async (to: string): Promise<Route | null> => {
    const own = this.#own.get(to);
    if (own) return own;
    if (this.options.api === null) return null;
    try {
      const found = await ask(this.options.api, to);
      this.#keep(to, found);
      return found;
    } catch (error) {
      const last = this.#kept.get(to);
      if (!last || this.now() - last.at > KEPT_MS) throw error;
      this.options.log('the API does not say where a number leads: the call goes where it led last', error);
      return { account: last.account, flow: last.flow };
    }
  };

  #keep(to: string, found: AnsweredRoute | null): void {
    const before = this.#kept.get(to);
    this.#kept.delete(to);
    const at = this.now();
    const same = before && found && before.account === found.account && before.flow.id === found.flow.id;
    const fresh = same && at - before.noted < NOTE_MS;
    if (found) this.#kept.set(to, { ...found, at, noted: fresh ? before.noted : at });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
    if (!fresh && (before ?? found)) this.#write();
  }

  #write(): void {
    const { file } = this.options;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(this.#kept)), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

type AnsweredRoute = Pick<Kept, 'account' | 'flow'>;
const answered = z.object({ account: z.int(), flow: z.object({ id: z.string() }) });

/** Asks the API; null: it knows that the number leads nowhere. */
async function ask(
  { apiUrl, signature }: NonNullable<DidLookupOptions['api']>,
  number: string,
): Promise<AnsweredRoute | null> {
  const body = JSON.stringify({ number });
  const answer = await fetch(`${apiUrl}/bridge/dids`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signature?.headers(randomUUID(), body) },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const said: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return answered.parse(said);
  const { code = '' } = (said ?? {}) as { code?: string };
  if (code === 'DID_UNKNOWN') return null;
  throw new Error(`the API answered ${answer.status} ${code} to the question where a number leads`);
}

/** The answers of a process before this one; none when the file is not there or was cut. */
function answersIn(file: string): Record<string, Kept> {
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
