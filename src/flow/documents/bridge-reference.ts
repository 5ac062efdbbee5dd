/**
 * How a document names a bridge. Contract B1, B6.
 * @module
 */
import * as z from 'zod';

/** The bridge and the way to it: a task queue or a URL. Contract B1, B6. */
export const bridgeReference = z
  .strictObject({
    id: z.string().min(1),
    taskQueue: z.string().min(1).optional(),
    url: z.string().max(2000).refine(isPlainUrl, 'An http or https URL without credentials is expected.').optional(),
  })
  .refine(
    ({ taskQueue, url }) => (taskQueue === undefined) !== (url === undefined),
    'A bridge has either a "taskQueue" or a "url".',
  );

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
