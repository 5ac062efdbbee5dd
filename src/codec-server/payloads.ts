/**
 * Payloads as the protocol of Temporal's codec servers writes them: the message `Payloads` in the JSON of protobuf.
 * @module
 */
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { RequestProblem } from '../api/problem.js';

const { Payloads } = proto.temporal.api.common.v1;

/** Reads the body of a request. @throws {RequestProblem} PAYLOADS_INVALID */
export function readPayloads(body: unknown): Payload[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('It is no object.');
  // In the JSON of protobuf an empty list is left out.
  const { payloads = [] }: { payloads?: unknown } = body;
  if (!Array.isArray(payloads)) throw invalid('`payloads` is no list.');
  if (!payloads.every(isPayload)) throw invalid(`A payload is { "metadata": { NAME: base64 }, "data": base64 }.`);
  try {
    return Payloads.fromObject({ payloads }).payloads;
  } catch {
    throw invalid('Data and metadata are bytes in base64.');
  }
}

/** Writes the body of an answer. */
export function writePayloads(payloads: Payload[]): object {
  return { payloads: [], ...Payloads.toObject(Payloads.fromObject({ payloads }), { bytes: String }) };
}

/** Whether this is a payload as far as types go; whether its texts are base64 the reader finds out. */
function isPayload(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { metadata = {}, data = '' }: { metadata?: unknown; data?: unknown } = value;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return false;
  return [...(Object.values(metadata) as unknown[]), data].every((one) => typeof one === 'string');
}

function invalid(message: string): RequestProblem {
  return new RequestProblem(400, 'PAYLOADS_INVALID', message);
}
