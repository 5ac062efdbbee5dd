/**
 * What a rule of the reference is to the kit.
 * @module
 */
import type { FarEnd } from './far-ends.js';
import type { TestCall } from './test-call.js';

/** Where `docs/reference/bridge.md` states a rule. */
export type Section =
  | 'Commands'
  | 'Who answers'
  | 'The whole call'
  | 'Several commands at once'
  | 'Prompts'
  | 'Results'
  | 'What a bridge must keep'
  | 'Watched nodes'
  | 'Events'
  | 'Over HTTP';

/** A rule that a bridge keeps or breaks. */
export interface Rule {
  /** Stable, in kebab-case. */
  id: string;
  /** What a bridge promises. */
  title: string;
  section: Section;
  /** The far ends that the check calls. */
  needs: readonly FarEnd[];
  /** Plays a call that shows whether the rule is kept. @throws {Broken} or {NotChecked} */
  check(call: TestCall): Promise<void>;
  /** Looks at one call after all are over; its own, and those of other rules. @throws {Broken} */
  judge?(call: TestCall): void;
}

/** What a command may take that completes "at once", with the way there and back, in seconds. */
export const AT_ONCE = 2;
