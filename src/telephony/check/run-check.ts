/**
 * Checks the rules against a bridge: a few calls at a time, each bounded, and the whole too.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Broken, NotChecked } from './claims.js';
import type { Numbers } from './far-ends.js';
import { reportOf, summed, type BridgeReport, type RuleReport } from './check-report.js';
import type { Rule } from './rule.js';
import { rules } from './rules/index.js';
import { TestCall } from './test-call.js';
import type { BridgeUnderTest } from './transport.js';

/** How to check. */
export interface CheckOptions {
  numbers: Numbers;
  /** Ids of the rules to check; default: all. */
  only?: readonly string[] | undefined;
  /** Calls at the same time; default 4. */
  calls?: number;
  /** Seconds after which no further call is begun; default 220. A call takes up to 66. */
  seconds?: number;
  /** Called with each rule when it has been checked. */
  checked?: (rule: RuleReport) => void;
}

const CALLS = 4;
const SECONDS = 220;
/** One call may take so long, in seconds. */
const CALL_SECONDS = 60;
/** Events may come so long after a call is over, in milliseconds. */
const LATE_EVENTS_MS = 1500;

/** Checks a bridge. It rejects when the kit itself fails, not for what the bridge does. */
export async function checkBridge(bridge: BridgeUnderTest, options: CheckOptions): Promise<BridgeReport> {
  const run = new Run(bridge, options);
  try {
    return await run.all();
  } finally {
    await run.close();
  }
}

class Run {
  readonly #calls: TestCall[] = [];
  readonly #end: number;

  constructor(
    private readonly bridge: BridgeUnderTest,
    private readonly options: CheckOptions,
  ) {
    this.#end = Date.now() + (options.seconds ?? SECONDS) * 1000;
  }

  async all(): Promise<BridgeReport> {
    const { only, calls = CALLS, checked } = this.options;
    const chosen = rules(this.bridge.heartbeatSeconds).filter(({ id }) => only?.includes(id) ?? true);
    const faults = new Map<Rule, unknown>();
    const waiting = [...chosen];
    const line = async () => {
      for (let rule = waiting.shift(); rule; rule = waiting.shift()) {
        faults.set(rule, await this.#check(rule));
        if (!rule.judge) checked?.(reportOf(rule, faults.get(rule)));
      }
    };
    await Promise.all(Array.from({ length: calls }, line));
    await pause(LATE_EVENTS_MS);
    for (const rule of chosen) {
      if (!rule.judge) continue;
      faults.set(rule, faults.get(rule) ?? this.#judge(rule));
      checked?.(reportOf(rule, faults.get(rule)));
    }
    return summed(chosen.map((rule) => reportOf(rule, faults.get(rule))));
  }

  async close(): Promise<void> {
    await Promise.all(this.#calls.map((call) => call.close()));
  }

  /** What a rule's call showed: undefined when it is kept. */
  async #check(rule: Rule): Promise<unknown> {
    const missing = rule.needs.filter((end) => this.options.numbers[end] === undefined);
    if (missing.length > 0) return new NotChecked(`no number "${missing.join('", "')}" was given`);
    if (Date.now() > this.#end) return new NotChecked('the time for the whole check was over');
    const call = new TestCall(`check-${randomUUID()}`, await this.bridge.open(), this.options.numbers);
    this.#calls.push(call);
    const tooLong = new Broken(`an end of the call within ${CALL_SECONDS} s`, 'none');
    const fault = await within(CALL_SECONDS, caught(rule.check(call)), tooLong);
    await within(CALL_SECONDS / 10, call.end(), undefined);
    return fault;
  }

  #judge(rule: Rule): unknown {
    for (const call of this.#calls) {
      try {
        rule.judge?.(call);
      } catch (fault) {
        return fault;
      }
    }
    return undefined;
  }
}

function caught(work: Promise<void>): Promise<unknown> {
  return work.then(
    () => undefined,
    (fault: unknown) => fault,
  );
}

async function within<T, L>(seconds: number, work: Promise<T>, late: L): Promise<T | L> {
  const stop = new AbortController();
  const limit = pause(seconds * 1000, late, { signal: stop.signal });
  try {
    return await Promise.race([work, limit]);
  } finally {
    stop.abort();
    limit.catch(() => undefined);
  }
}
