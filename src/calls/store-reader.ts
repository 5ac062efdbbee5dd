/**
 * What the start of a call reads from the store: none of it holds the call up while the store is away. Contract B1, C2, V1.
 * @module
 */
import { isAway } from '../store/database.js';

/** Milliseconds that a read has when there is something to continue with in its place. */
const PATIENCE_MS = 2000;
/** Milliseconds for which a store that was away is not asked again by reads that can do without. */
const AWAY_MS = 2000;
/** Milliseconds for which an answer may stand in for the store. */
const KEPT_MS = 24 * 3600_000;
/** Answers that are kept, and their characters of JSON in all; what was not used for longest makes room. */
const MOST = { answers: 2000, characters: 32 * 2 ** 20 };

interface Kept {
  answer: unknown;
  characters: number;
  at: number;
}

/** The read was not answered: the store is away. */
const UNANSWERED = Symbol('unanswered');

/** Reads of one process. What the store answers always counts; only while it is away does an earlier answer stand in. */
export class StoreReader {
  readonly #kept = new Map<string, Kept>();
  #characters = 0;
  #askAt = Number.NEGATIVE_INFINITY;

  /**
   * @param onAway is called when the store does not answer, each two seconds at most
   * @param now milliseconds of a clock that never goes back
   */
  constructor(
    private readonly onAway: () => void = () => undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * What the store answers or, while it is away, what it answered last to the same question, for up to 24 hours.
   * @param question names what is read
   * @throws what `read` throws when there is no earlier answer, or the store is not away
   */
  async lastKnown<T extends object>(question: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
    const kept = this.#kept.get(question);
    const usable = kept !== undefined && this.now() - kept.at < KEPT_MS;
    const answer = usable ? await this.#ask(read) : await read();
    if (answer !== UNANSWERED) this.#keep(question, answer);
    else if (kept) return this.#used(question, kept) as T;
    return answer === UNANSWERED ? undefined : answer;
  }

  /** What the store answers; `otherwise` while it is away. */
  async orElse<T>(otherwise: T, read: () => Promise<T>): Promise<T> {
    const answer = await this.#ask(read);
    return answer === UNANSWERED ? otherwise : answer;
  }

  async #ask<T>(read: () => Promise<T>): Promise<T | typeof UNANSWERED> {
    if (this.now() < this.#askAt) return UNANSWERED;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<typeof UNANSWERED>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, UNANSWERED);
    });
    const asked = read().catch((error: unknown): typeof UNANSWERED => {
      if (isAway(error)) return UNANSWERED;
      throw error;
    });
    const answer = await Promise.race([asked, late]).finally(() => clearTimeout(timer));
    if (answer === UNANSWERED && this.now() >= this.#askAt) {
      this.#askAt = this.now() + AWAY_MS;
      this.onAway();
    }
    return answer;
  }

  #used(question: string, kept: Kept): unknown {
    this.#kept.delete(question);
    this.#kept.set(question, kept);
    return kept.answer;
  }

  #keep(question: string, answer: object | undefined): void {
    this.#forget(question);
    if (answer === undefined) return;
    const characters = JSON.stringify(answer).length;
    this.#kept.set(question, { answer, characters, at: this.now() });
    this.#characters += characters;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST.answers && this.#characters <= MOST.characters) return;
      this.#forget(oldest);
    }
  }

  #forget(question: string): void {
    this.#characters -= this.#kept.get(question)?.characters ?? 0;
    this.#kept.delete(question);
  }
}
