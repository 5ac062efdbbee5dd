/**
 * Where work is done: small work at once, the rest in threads, in turns. Contract R3.
 * @module
 */
import { type Judge, type Owner, Refusal, type Refused, type Work } from './judge.js';
import { ACCOUNT_MS, CALL_MS, callOver, noTurn, overBefore, overMemory, overTime, tooMuchWaits } from './verdicts.js';
import { isQuick, sizeUpTo } from './quick.js';
import { SpentTime } from './spent-time.js';
import { THREADS, Threads } from './threads.js';
import { Turns } from './turns.js';
import { type Done, carryOut } from './work.js';

/** Characters and values beyond which documents count alike. */
const MAX_DOCUMENT = 1024 * 1024;
/** Widgets of calls that are remembered for work that went over its limit. */
const MAX_PLACES = 10_000;

interface Job {
  account: number;
  bytes: number;
  work: Work;
  owner: Owner;
  settle: (done: Done) => void;
  fail: (error: unknown) => void;
}

/** Small work is done at once; other work waits for a thread, and accounts take turns. */
export class JudgingPool {
  readonly #threads = new Threads();
  readonly #accounts = new SpentTime<number>(ACCOUNT_MS);
  readonly #calls = new SpentTime<string>(CALL_MS);
  readonly #turns = new Turns<Job>((account) => this.#accounts.isOver(account));
  readonly #givenUp = new Set<string>();
  #running = 0;

  /** {@link Judge}. */
  readonly judge: Judge = async (kind, given, owner) => {
    const work = { kind, given } as Work;
    const done = isQuick(work) ? carryOut(work) : await this.#inThread(work, owner);
    if ('refused' in done) throw new Refusal(done.refused);
    return done.gives;
  };

  /** Starts a thread, so that the first answer does not wait for one. */
  start(): void {
    this.#threads.start();
  }

  /** Ends the threads. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  async #inThread(work: Work, owner: Owner): Promise<Done> {
    const { account, call, place, signal } = owner;
    if (this.#givenUp.has(place)) return { refused: overBefore(work) };
    if (call !== undefined && this.#calls.isOver(call)) return { refused: callOver(work) };
    if (signal.aborted) return { refused: noTurn(work) };
    return new Promise<Done>((settle, fail) => {
      const job: Job = { account, bytes: sizeOf(work), work, owner, settle, fail };
      if (!this.#turns.add(job)) return settle({ refused: tooMuchWaits(work) });
      // Of one that has its thread by now, the result comes within the limit.
      const giveUp = () => this.#turns.remove(job) && settle({ refused: noTurn(work) });
      signal.addEventListener('abort', giveUp, { once: true });
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < THREADS) {
      const job = this.#turns.next();
      if (!job) return;
      this.#running += 1;
      void this.#run(job).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #run({ work, owner, settle, fail }: Job): Promise<void> {
    try {
      const { ms, done, over } = await this.#threads.run(work);
      this.#accounts.add(owner.account, ms);
      if (owner.call !== undefined) this.#calls.add(owner.call, ms);
      if (done) settle(done);
      else settle({ refused: this.#giveUp(owner, over === 'time' ? overTime(work) : overMemory(work)) });
    } catch (error) {
      fail(error);
    }
  }

  #giveUp({ place }: Owner, refused: Refused): Refused {
    this.#givenUp.add(place);
    const [oldest] = this.#givenUp;
    if (this.#givenUp.size > MAX_PLACES && oldest !== undefined) this.#givenUp.delete(oldest);
    return refused;
  }
}

/** What work keeps in memory while it waits. */
function sizeOf({ kind, given }: Work): number {
  if (kind === 'text' || kind === 'body') return given.bytes.byteLength;
  return kind === 'mapping' ? given.text.length : sizeUpTo(MAX_DOCUMENT, given.document);
}

/** The pool of this process, whose threads all that it runs shares. */
export const judging = new JudgingPool();
