/**
 * How a document names a bridge. Contract B1, B6.
 * @module
 */
import * as z from 'zod';
import { EPOCH } from './epoch.js';

const ONE_WAY = 'A bridge has either a "taskQueue" or a "url".';

const shape = {
  id: z.string().min(1),
  taskQueue: z.string().min(1).optional(),
  url: z.string().max(2000).refine(isPlainUrl, 'An http or https URL without credentials is expected.').optional(),
  can: z
    .array(z.enum(['sequence']))
    .describe('What the bridge does beyond what each must do: `sequence`, it takes several commands in one.')
    .optional(),
};

/** The bridge, the way to it (a task queue or a URL), and what it does beyond what each must do. Contract B1, B6, B7. */
export const bridgeReference = z.strictObject(shape).refine(hasOneWay, ONE_WAY);

/** The bridge node of a call that begins, with its epoch when it is watched as a whole. Contract B1, B6, B8. */
export const startingBridge = z
  .strictObject({
    ...shape,
    watched: z.string().regex(EPOCH, 'An epoch has 1 to 64 letters, digits and ". _ : -".').optional(),
  })
  .refine(hasOneWay, ONE_WAY);

function hasOneWay({ taskQueue, url }: { taskQueue?: string | undefined; url?: string | undefined }): boolean {
  return (taskQueue === undefined) !== (url === undefined);
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
