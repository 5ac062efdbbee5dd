/**
 * The argument of the workflow `call`, checked, for it may come from any client. Contract B1.
 * @module
 */
import * as z from 'zod';

/** The bridge and the way to it: a task queue or a URL. Contract B1, B6. */
const bridge = z
  .strictObject({
    id: z.string().min(1),
    taskQueue: z.string().min(1).optional(),
    url: z.string().max(2000).refine(isPlainUrl, 'An http or https URL without credentials is expected.').optional(),
  })
  .refine(
    ({ taskQueue, url }) => (taskQueue === undefined) !== (url === undefined),
    'A bridge has either a "taskQueue" or a "url".',
  );

/** The shape of a start; the account and flow documents inside are validated by themselves. */
export const callInput = z.strictObject({
  account: z.union([z.number().int().positive(), z.record(z.string(), z.unknown())]),
  flow: z.record(z.string(), z.unknown()),
  call: z.strictObject({
    id: z.string().min(1).max(500),
    direction: z.enum(['inbound', 'outbound']),
    from: z.string().max(100),
    to: z.string().max(100),
    startedAt: z.iso.datetime({ offset: true }),
  }),
  variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  bridge,
});

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
