/**
 * The recording of a whole call, where its flow asks for one: it begins with the answer of the first leg. Contract B3, E3, V7.
 * @module
 */
import type { Flow } from '../../flow/documents/flow.js';
import type { CommandFields } from '../../telephony/commands.js';
import type { Recordings } from './recordings.js';

/** Its name; those of widgets end with a number. */
const NAME = 'call';

/** What the command says that connects the first leg. */
export function wholeCall({ record }: Pick<Flow, 'record'>): CommandFields['answer'] {
  return record ? { record: { name: NAME } } : {};
}

/** Connects the first leg; when that fails no recording is awaited, unless one had begun before. */
export function recorded<T>(
  fields: CommandFields['answer'],
  recordings: Recordings,
  connect: () => Promise<T>,
): Promise<T> {
  if (!fields.record || recordings.knows(NAME)) return connect();
  recordings.expect(NAME);
  return connect().catch((error: unknown) => {
    recordings.drop(NAME);
    throw error;
  });
}
