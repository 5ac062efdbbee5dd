/**
 * The documents' JSON Schemas, made from the zod schemas. Contract D1.
 * @module
 */
import * as z from 'zod';
import { account } from './account.js';
import { caller } from './caller.js';
import { flow } from './flow.js';
import { flowEnd } from './flow-end.js';
import { flowTest } from './flow-test.js';

const documents = { flow, account, caller, test: flowTest, 'flow-end': flowEnd };

/** The documents that have a schema. */
export const SCHEMAS = Object.keys(documents) as (keyof typeof documents)[];

/** The JSON Schema (draft 2020-12) of what may be written in a document, or stands in a flow end. */
export function jsonSchema(name: keyof typeof documents): object {
  const schema = z.toJSONSchema(documents[name], { io: 'input', unrepresentable: 'any' });
  return { title: `Hookline ${name}`, ...schema };
}
