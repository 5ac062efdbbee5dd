/**
 * The argument of the workflow `call`, checked, for it may come from any client. Contract B1.
 * @module
 */
import * as z from 'zod';
import { startingBridge } from './bridge-reference.js';

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
    uuid: z.uuid().optional(),
  }),
  variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  sensitive: z.array(z.string().max(1000)).max(1001).optional(),
  bridge: startingBridge,
  dial: z
    .strictObject({
      numbers: z.array(z.string().min(1).max(100)).min(1).max(20),
      ringSeconds: z.number().int().min(5).max(120).default(30),
      detectMachine: z.boolean().optional(),
      waitForBeep: z.boolean().optional(),
    })
    .optional(),
});
