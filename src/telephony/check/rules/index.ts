/**
 * Every rule that the kit checks, in the order of the report. `docs/reference/bridge.md` lists them; a test compares.
 * @module
 */
import type { Rule } from '../rule.js';
import { commands, heartbeat } from './commands.js';
import { dialling } from './dialling.js';
import { digits } from './digits.js';
import { ends } from './ends.js';
import { events } from './events.js';
import { legs } from './legs.js';
import { media } from './media.js';
import { recordings } from './recordings.js';
import { sequences } from './sequences.js';
import { signatures } from './signatures.js';
import { watch } from './watch.js';

/** The rules, for a transport that counts a command as lost after so many seconds without a sign of life. */
export function rules(heartbeatSeconds: number): Rule[] {
  return [
    ...dialling,
    ...commands,
    heartbeat(heartbeatSeconds),
    ...media,
    ...digits,
    ...ends,
    ...recordings,
    ...legs,
    ...sequences,
    ...events,
    ...watch,
    ...signatures,
  ];
}

/** The id of each rule. */
export const RULE_IDS: readonly string[] = rules(0).map(({ id }) => id);
