/**
 * A test that is ready to run, and what came of it.
 * @module
 */
import type { Account } from '../flow/documents/account.js';
import type { TimelineEntry } from '../engine/call-report.js';
import type { Caller } from '../flow/documents/caller.js';
import type { Flow } from '../flow/documents/flow.js';
import type { FlowTest } from '../flow/documents/flow-test.js';
import type { Failure, Observed } from './expectations.js';

/** A test with all its documents, valid. */
export interface TestCase {
  name: string;
  /** As people call it: relative to the working folder. */
  file: string;
  /** Likewise. */
  flowFile: string;
  flow: Flow;
  /** The stored flows that it runs, by id: those that lie beside it. */
  subflows: Readonly<Record<string, Flow>>;
  account: Account;
  caller: Caller;
  test: FlowTest;
}

/** A test that has run. */
export interface TestResult {
  testCase: TestCase;
  /** Of real time. */
  seconds: number;
  /** None: it passed. */
  failures: Failure[];
  /** Null for a call that did not end. */
  seen: Observed | null;
  timeline: TimelineEntry[];
}
