/**
 * Whose turn it is: accounts that wait take turns, and those that have used much go behind those that have not.
 * @module
 */

/** Bytes of one account that may wait, and of all: beyond, an account may have one piece waiting. */
const MAX_WAITING_BYTES = { account: 64 * 1024 * 1024, all: 256 * 1024 * 1024 };

/** Something that waits for its turn. */
export interface Waiting {
  account: number;
  /** What it keeps in memory meanwhile. */
  bytes: number;
}

/** A queue for each account. Within one, first come is first served. */
export class Turns<W extends Waiting> {
  /** In the order of turns: an account that had its turn goes to the end. */
  readonly #queues = new Map<number, W[]>();
  #bytes = 0;

  /** @param isBehind whether an account has used so much that others come first */
  constructor(private readonly isBehind: (account: number) => boolean) {}

  /** Puts it at the end of its account's queue; false when too much of the account waits already. */
  add(one: W): boolean {
    const queue = this.#queues.get(one.account) ?? [];
    const own = queue.reduce((sum, { bytes }) => sum + bytes, 0);
    const tooMuch = own + one.bytes > MAX_WAITING_BYTES.account || this.#bytes + one.bytes > MAX_WAITING_BYTES.all;
    if (own > 0 && tooMuch) return false;
    this.#bytes += one.bytes;
    this.#queues.set(one.account, [...queue, one]);
    return true;
  }

  /** Takes what has its turn; undefined when nothing waits. */
  next(): W | undefined {
    const accounts = [...this.#queues.keys()];
    const account = accounts.find((one) => !this.isBehind(one)) ?? accounts[0];
    const queue = account === undefined ? undefined : this.#queues.get(account);
    const first = queue?.[0];
    if (account === undefined || !queue || !first) return undefined;
    this.#queues.delete(account);
    this.#queues.set(account, queue);
    this.remove(first);
    return first;
  }

  /** Takes one out, whether or not it has its turn; false when it does not wait. */
  remove(one: W): boolean {
    const { account, bytes } = one;
    const queue = this.#queues.get(account) ?? [];
    const rest = queue.filter((other) => other !== one);
    if (rest.length === queue.length) return false;
    this.#bytes -= bytes;
    if (rest.length > 0) this.#queues.set(account, rest);
    else this.#queues.delete(account);
    return true;
  }
}
