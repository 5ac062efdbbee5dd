/**
 * Turns at what all accounts share, the Temporal server above all: one that sends without end waits behind itself, not in front
 * of the others.
 * @module
 */

/** Pieces of work under way at the same time: at first, at least, at most. */
const UNDER_WAY = { first: 8, least: 2, most: 64 };
/** How many times as long as the shortest one work may take, and milliseconds that it may take in any case, before fewer are let in. */
const SLOW = { times: 3, milliseconds: 100 };
/** What part of all may be under way of one account. */
const SHARE = 1 / 4;
/** Milliseconds for which the shortest time counts. */
const SHORTEST_MS = 60_000;
/** Pieces of work of one account that wait; further ones are refused. */
const MOST_WAITING = 50;

/** As many pieces of work of the account wait as may. */
export class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting';
}

interface Queue {
  underWay: number;
  waiting: (() => void)[];
}

/**
 * The turns of one process: the account whose turn is longest ago is next. How many pieces of work are under way follows the time
 * that each takes: as long as that is near the shortest lately, one more is let in, and fewer when it grows, for then they wait
 * for each other, and so does all else that the server has to do.
 */
export class FairTurns {
  readonly #queues = new Map<number, Queue>();
  #underWay = 0;
  #most: number = UNDER_WAY.first;
  #shortest = { milliseconds: Infinity, at: 0 };

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Pieces of work that may be under way now. */
  get most(): number {
    return Math.floor(this.#most);
  }

  /**
   * Does the work when it is the account's turn. Of all that may be under way, one account has a quarter.
   * @param urgent whether it waits however many others of the account wait, default false
   * @throws {TooManyWaiting} when 50 pieces of the account wait; what the work throws
   */
  async take<T>(account: number, work: () => Promise<T>, urgent = false): Promise<T> {
    const queue = this.#queues.get(account) ?? { underWay: 0, waiting: [] };
    this.#queues.set(account, queue);
    if (queue.waiting.length >= MOST_WAITING && !urgent) throw new TooManyWaiting();
    await new Promise<void>((turn) => {
      queue.waiting.push(turn);
      this.#next();
    });
    const began = this.now();
    try {
      return await work();
    } finally {
      this.#learn(this.now() - began);
      queue.underWay -= 1;
      this.#underWay -= 1;
      if (queue.underWay === 0 && queue.waiting.length === 0) this.#queues.delete(account);
      this.#next();
    }
  }

  #next(): void {
    for (const [account, queue] of this.#queues) {
      if (this.#underWay >= this.most) return;
      if (queue.underWay >= Math.max(1, Math.floor(this.#most * SHARE))) continue;
      const turn = queue.waiting.shift();
      if (!turn) continue;
      queue.underWay += 1;
      this.#underWay += 1;
      // Behind the others, for the next time.
      this.#queues.delete(account);
      this.#queues.set(account, queue);
      turn();
    }
  }

  #learn(milliseconds: number): void {
    const now = this.now();
    if (milliseconds <= this.#shortest.milliseconds || now - this.#shortest.at > SHORTEST_MS)
      this.#shortest = { milliseconds, at: now };
    const slow = milliseconds > Math.max(SLOW.milliseconds, SLOW.times * this.#shortest.milliseconds);
    if (slow) this.#most = Math.max(UNDER_WAY.least, this.#most * 0.9);
    else if (this.#underWay >= this.most - 1) this.#most = Math.min(UNDER_WAY.most, this.#most + 1 / this.#most);
  }
}
