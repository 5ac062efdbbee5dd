/**
 * Counts answers that are otherwise than their contracts, and logs them: no answer waits for that. Contract R10.
 * @module
 */
import type { ContractCount } from '../store/contract-counts.js';
import type { Store } from '../store/store.js';

/** Milliseconds after which counts are written. */
const EVERY_MS = 5000;
/** Widgets whose counts wait for a store that is away; more are lost. */
const MAX_WAITING = 10_000;

/** Takes counts of one worker, and adds them to the store in turns. */
export class ContractWatch {
  readonly #store: () => Promise<Pick<Store, 'contractCounts'>>;
  readonly #everyMs: number;
  #waiting = new Map<string, ContractCount>();
  #timer: NodeJS.Timeout | undefined;

  /** @param everyMs default 5 s */
  constructor(store: () => Promise<Pick<Store, 'contractCounts'>>, everyMs = EVERY_MS) {
    this.#store = store;
    this.#everyMs = everyMs;
  }

  /** Counts one answer. */
  note(accountId: number, flowId: string, widget: string, isOtherwise: boolean): void {
    this.#add({ accountId, flowId, widget, answers: 1, mismatches: isOtherwise ? 1 : 0 });
    this.#timer ??= setTimeout(() => void this.#write(), this.#everyMs).unref();
  }

  #add(count: ContractCount): void {
    const key = JSON.stringify([count.accountId, count.flowId, count.widget]);
    const before = this.#waiting.get(key);
    if (!before && this.#waiting.size >= MAX_WAITING) return;
    const { answers = 0, mismatches = 0 } = before ?? {};
    this.#waiting.set(key, { ...count, answers: answers + count.answers, mismatches: mismatches + count.mismatches });
  }

  async #write(): Promise<void> {
    this.#timer = undefined;
    const counts = [...this.#waiting.values()];
    this.#waiting = new Map();
    try {
      await (await this.#store()).contractCounts.add(counts);
    } catch {
      // The store is away, which the worker says elsewhere: they are written with the next ones.
      for (const count of counts) this.#add(count);
    }
  }
}
