/**
 * The fields of parts of documents that have pages of their own: the webhook, messages, outbound calls, flow ends, tests of
 * flows.
 * @module
 */
import { outbound } from '../../../src/flow/documents/account.js';
import { sms, smtp } from '../../../src/flow/documents/message-providers.js';
import { flowEnd } from '../../../src/flow/documents/flow-end.js';
import { flowTest } from '../../../src/flow/documents/flow-test.js';
import { webhook } from '../../../src/flow/widgets/webhook.js';
import { cellsOf, FIELD_COLUMNS, fieldsOf, fieldTable, schemaOf } from '../fields.js';
import type { JsonSchema } from '../limits.js';
import { table } from '../table.js';

/** The fields of a webhook. */
export const webhookFields = () =>
  fieldTable(webhook, ['lines', ...['none', 'json', 'xml'].map((type) => `response (${type}).onFailure`)]);

/** The account's provider of text messages, and its mail server. */
export function messageFields(): string {
  const fields = [
    ...fieldsOf(schemaOf(sms), { closed: ['sms.auth'], place: 'sms.' }),
    ...fieldsOf(schemaOf(smtp), { closed: ['smtp.auth'], place: 'smtp.' }),
  ];
  return table(FIELD_COLUMNS, fields.map(cellsOf));
}

/** The payload of the flow end. */
export const flowEndFields = () => fieldTable(flowEnd);

/** The account's `outbound`. */
export const outboundFields = () => fieldTable(outbound, ['bridge']);

const { answers, expect } = schemaOf(flowTest).properties ?? {};

/** The fields of a test. */
export const testFields = () => fieldTable(flowTest, ['expect', 'caller', 'answers', 'kept']);

/** The fields of a scripted answer. */
export const answerFields = () => fieldsTable((answers?.additionalProperties as JsonSchema).anyOf?.[0]);

/** What a test may expect. */
export const expectationFields = () => fieldsTable(expect, ['flowEnd', 'requests']);

/** What it may expect of a request. */
export const requestFields = () => fieldsTable((expect?.properties?.requests?.additionalProperties as JsonSchema).anyOf?.[0]); // prettier-ignore

function fieldsTable(schema: JsonSchema = {}, closed: readonly string[] = []): string {
  return table(FIELD_COLUMNS, fieldsOf(schema, { closed, place: '' }).map(cellsOf));
}
