/**
 * Which endpoints of flow ends answer quickly, so that a call may wait for one in its last workflow task. Contract E5.
 * @module
 */
import { RecentlyUsed } from '../../engine/recently-used.js';
import type { FlowEndDelivery } from '../../engine/flow-end-task.js';

/** An answer that takes longer holds up a workflow task. */
const QUICK_MS = 500;
/** Attempts that are looked at, the last ones; fewer say nothing. */
const ATTEMPTS = { least: 3, most: 10 };
/** Milliseconds after which an attempt says nothing any more. */
const LATELY_MS = 10 * 60_000;
/** Attempts under way at one endpoint: with more, the next ones leave the worker's workflow tasks to other calls. */
const UNDER_WAY = 20;
/** Endpoints that are remembered. */
const ENDPOINTS = 1000;

/** One endpoint of one account. */
interface Seen {
  ended: { at: number; quick: boolean }[];
  /** When attempts began that have not ended. */
  underWay: Set<{ began: number }>;
}

/** What a worker has seen of endpoints. */
export class QuickEndpoints {
  readonly #seen = new RecentlyUsed<Seen>(ENDPOINTS);

  /** @param now real time in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Notes that an attempt begins; gives what notes how it ended. */
  begin({ rules, webhook }: Pick<FlowEndDelivery, 'rules' | 'webhook'>): (delivered: boolean) => void {
    const { ended, underWay } = this.#of(rules.accountId, webhook.url);
    const attempt = { began: this.now() };
    underWay.add(attempt);
    return (delivered) => {
      underWay.delete(attempt);
      const at = this.now();
      ended.push({ at, quick: delivered && at - attempt.began < QUICK_MS });
      if (ended.length > ATTEMPTS.most) ended.shift();
    };
  }

  /** Whether the endpoint of an account was quick in each of its last attempts, and none under way has taken long. */
  isQuick({ rules, webhook }: Pick<FlowEndDelivery, 'rules' | 'webhook'>): boolean {
    const { ended, underWay } = this.#of(rules.accountId, webhook.url);
    const now = this.now();
    if (underWay.size >= UNDER_WAY || [...underWay].some(({ began }) => now - began >= QUICK_MS)) return false;
    const lately = ended.filter(({ at }) => now - at < LATELY_MS);
    return lately.length >= ATTEMPTS.least && lately.every(({ quick }) => quick);
  }

  #of(accountId: number, url: string): Seen {
    return this.#seen.getOrMake(`${accountId} ${url}`, () => ({ ended: [], underWay: new Set() }));
  }
}
