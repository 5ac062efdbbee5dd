/**
 * How many calls an account may have, so that none takes the place of the others.
 * @module
 */
import type { Client } from '@temporalio/client';
import type { Priority } from '@temporalio/common';
import type { Account } from '../flow/documents/account.js';
import { searchAttributes } from '../engine/search-attributes.js';

/** Milliseconds for which a count holds. */
const COUNT_MS = 1000;
/** Milliseconds that the server has to count. */
const ANSWER_MS = 2000;
/** Accounts that are remembered; with more of them all are forgotten, and counted anew. */
const MAX_ACCOUNTS = 10_000;

/** Puts what is started for an account into its own share of a task queue; activities and children inherit it. */
export function shareOf(account: number): { priority: Priority } {
  return { priority: { fairnessKey: String(account) } };
}

/** What was seen of an account within a second. */
interface Look {
  at: number;
  /** Calls that ran when they were counted. */
  running: Promise<number>;
  /** Let in since. */
  started: number;
}

/** Counts calls by account. What the server cannot count keeps nobody out. */
export class CallGate {
  readonly #looks = new Map<number, Look>();

  /** @param counts whether the server knows our search attributes */
  constructor(
    private readonly client: Client,
    private readonly counts: boolean,
  ) {}

  /** Whether an account may start one more call now; it is then taken for started. Each process counts starts for itself. */
  async letsIn({ id, limits }: Account): Promise<boolean> {
    const look = this.#look(id);
    if (look.started >= limits.callsPerSecond) return false;
    look.started += 1;
    if ((await look.running) + look.started <= limits.callsAtOnce) return true;
    look.started -= 1;
    return false;
  }

  /**
   * Whether as many calls of the account run as may, all of which began before this one. More than that may get in within
   * the second for which a count holds.
   */
  async isFull({ id, limits }: Account, workflowId: string): Promise<boolean> {
    // A call that has just begun may not be counted yet, this one among them.
    if ((await this.#look(id).running) < limits.callsAtOnce) return false;
    const { startTime } = await this.client.workflow.getHandle(workflowId).describe();
    return (await this.#count(id, ` AND StartTime < "${startTime.toISOString()}"`)) >= limits.callsAtOnce;
  }

  #look(account: number): Look {
    const now = performance.now();
    const last = this.#looks.get(account);
    if (last && now - last.at < COUNT_MS) return last;
    if (this.#looks.size >= MAX_ACCOUNTS) this.#looks.clear();
    const look = { at: now, running: this.#count(account), started: 0 };
    this.#looks.set(account, look);
    return look;
  }

  async #count(account: number, more = ''): Promise<number> {
    if (!this.counts) return 0;
    const calls = `WorkflowType = "call" AND ExecutionStatus = "Running" AND ${searchAttributes.account.name} = "${account}"`;
    const count = () => this.client.workflow.count(calls + more);
    const answer = this.client.connection.withDeadline(Date.now() + ANSWER_MS, count);
    return answer.then(({ count }) => count).catch(() => 0);
  }
}
