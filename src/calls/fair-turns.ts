/**
 * Turns at what all accounts share, the Temporal server above all: one that sends without end waits behind itself, not in front
 * of the others.
 * @module
 */
import { setTimeout } from 'node:timers/promises';

/** Pieces of work under way at the same time: at first, at least, at most. */
const UNDER_WAY = { first: 8, least: 2, most: 64 };
/** How many times as long as the shortest one work may take, and milliseconds that it may take in any case, before fewer are let in. */
const SLOW = { times: 3, milliseconds: 50 };
/** Milliseconds from the end of one piece of work to the next in its place, while fewer pieces cannot be under way: the first, and at most. */
const REST_MS = { first: 10, most: 400 };
/** What part of all may be under way of one account. */
const SHARE = 1 / 4;
/** Milliseconds for which the shortest time counts. */
const SHORTEST_MS = 60_000;
/** Pieces of work of one account that wait; further ones are refused. */
const MOST_WAITING = 50;
/** Accounts whose last turn is remembered. */
const MAX_ACCOUNTS = 10_000;

/** As many pieces of work of the account wait as may. */
export class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting';
}

interface Queue {
  underWay: number;
  waiting: (() => void)[];
}

/** How turns tell and pass time, in milliseconds; `now` never goes back. */
export interface TurnsClock {
  now: () => number;
  pass: (milliseconds: number) => Promise<void>;
}

const CLOCK: TurnsClock = { now: () => performance.now(), pass: (milliseconds) => setTimeout(milliseconds) };

/**
 * The turns of one process: the account whose turn is longest ago is next, so one that asks now and then is next at once. How many
 * pieces of work are under way follows the time that each takes: as long as that is near the shortest lately, one more is let in,
 * and fewer when it grows, for then they wait for each other, and so does all else that the server has to do. When that is not
 * enough, because a piece of work leaves more behind than it waits for, there are rests between them, too.
 */
export class FairTurns {
  readonly #queues = new Map<number, Queue>();
  /** The number of the last turn of each account, the oldest first. */
  readonly #turns = new Map<number, number>();
  #turn = 0;
  #underWay = 0;
  #most: number = UNDER_WAY.first;
  #rest = 0;
  #shortest = { milliseconds: Infinity, at: 0 };

  constructor(private readonly clock: TurnsClock = CLOCK) {}

  /** Pieces of work that may be under way now. */
  get most(): number {
    return Math.floor(this.#most);
  }

  /** Milliseconds of the rests now. */
  get rest(): number {
    return this.#rest;
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
    const began = this.clock.now();
    try {
      return await work();
    } finally {
      this.#learn(this.clock.now() - began);
      if (this.#rest === 0) this.#giveBack(account, queue);
      else void this.clock.pass(this.#rest).then(() => this.#giveBack(account, queue));
    }
  }

  #giveBack(account: number, queue: Queue): void {
    queue.underWay -= 1;
    this.#underWay -= 1;
    if (queue.underWay === 0 && queue.waiting.length === 0) this.#queues.delete(account);
    this.#next();
  }

  #next(): void {
    while (this.#underWay < this.most) {
      const next = this.#longestAgo();
      if (next === undefined) return;
      const [account, queue] = next;
      queue.underWay += 1;
      this.#underWay += 1;
      this.#turns.delete(account);
      this.#turns.set(account, (this.#turn += 1));
      const [oldest] = this.#turns.keys();
      if (this.#turns.size > MAX_ACCOUNTS && oldest !== undefined) this.#turns.delete(oldest);
      queue.waiting.shift()?.();
    }
  }

  /** Of the accounts that may have a turn, the one whose last is longest ago. */
  #longestAgo(): [account: number, queue: Queue] | undefined {
    const share = Math.max(1, Math.floor(this.#most * SHARE));
    let found: [number, Queue] | undefined;
    let last = Infinity;
    for (const [account, queue] of this.#queues) {
      const turn = this.#turns.get(account) ?? 0;
      if (queue.waiting.length === 0 || queue.underWay >= share || turn >= last) continue;
      [found, last] = [[account, queue], turn];
    }
    return found;
  }

  #learn(milliseconds: number): void {
    const now = this.clock.now();
    if (milliseconds <= this.#shortest.milliseconds || now - this.#shortest.at > SHORTEST_MS)
      this.#shortest = { milliseconds, at: now };
    const slow = milliseconds > Math.max(SLOW.milliseconds, SLOW.times * this.#shortest.milliseconds);
    if (slow && this.#most > UNDER_WAY.least) this.#most = Math.max(UNDER_WAY.least, this.#most * 0.9);
    else if (slow) this.#rest = Math.min(REST_MS.most, Math.max(REST_MS.first, this.#rest * 1.2));
    else if (this.#rest > 0) this.#rest = this.#rest < REST_MS.first ? 0 : this.#rest * 0.97;
    else if (this.#underWay >= this.most - 1) this.#most = Math.min(UNDER_WAY.most, this.#most + 1 / this.#most);
  }
}
