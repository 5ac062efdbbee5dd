/**
 * Who has answered a call that we placed, as Asterisk has found out: it listens to the party in its dialplan (context `detect`), and brings
 * the channel back with the verdict. Contract B2.
 * @module
 */
import type { AnsweredBy } from '../../events.js';

/** The first argument of a channel that comes back; then the status and the cause of AMD. */
export const FOUND_OUT = 'detected';

/** What AMD has found out. Whoever says nothing may be a machine or a person who waits: nobody is hung up on for that. */
export function answeredBy(status = '', cause = ''): AnsweredBy {
  if (status === 'HUMAN') return 'human';
  return status === 'MACHINE' && !cause.startsWith('INITIALSILENCE') ? 'machine' : 'unknown';
}

/** The arguments with which a channel is in the application, as its dialplan has them. */
export function argumentsOf(appData: string): string[] {
  return appData.split(',').slice(1);
}
