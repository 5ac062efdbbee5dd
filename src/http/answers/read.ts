/**
 * Reading the body of an answer, with limits on every side. Contract R8.
 * @module
 */
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { charsetOf, startOf, widthOf } from '../../judging/charset.js';
import { CodingError, decodersFor } from './coding.js';
import { Refusal, type Works } from '../../judging/judge.js';
import { ContradictoryTypes, onlyContentType } from '../../judging/content-type.js';

/** As much of an answer as is parsed, in UTF-8 bytes. Contract R8. */
export const MAX_PARSED_BYTES = 1024 * 1024;
/** As much of an answer as is kept in `response_raw`, in UTF-8 bytes. Contract R8. */
export const MAX_RAW_BYTES = 64 * 1024;
/** Bytes on the wire; a coded answer may be all padding that decodes to nothing. */
const MAX_WIRE_BYTES = 3 * 1024 * 1024;
/** A byte order mark: three bytes in UTF-8, four in UTF-32. */
const MAX_MARK_BYTES = 4;

/** What of an answer's headers decides how its body is read. */
export interface BodyHeaders {
  contentType: string | readonly string[] | undefined;
  contentEncoding: string | undefined;
}

/** An answer's body as text. */
export interface AnswerBody {
  /** The whole text; absent where it is too large or unreadable, or where the answer has no body. */
  text?: string;
  /** Its start, as kept in `response_raw`; absent where it is unreadable, or where the answer has no body. */
  raw?: string;
  /** Whether `raw` is only the start. */
  truncated: boolean;
  /** Whether there is more than is parsed; reading stopped there. */
  tooLarge: boolean;
  /** Why the bytes are no text, in words. */
  unreadable?: string;
}

/**
 * Reads a body to its end or to the limit, whichever comes first; at the limit the connection is given up.
 * @param decode gives the text of bytes, or a Refusal
 * @throws what the connection throws when it breaks in between, and what `decode` throws when it has no turn
 */
export async function readBody(
  wire: Readable,
  headers: BodyHeaders,
  decode: (given: Works['text']['given']) => Promise<string>,
): Promise<AnswerBody> {
  const how = readable(headers);
  if (typeof how === 'string') {
    wire.on('error', () => undefined).destroy();
    return unreadable(how);
  }
  const { decoders, contentType } = how;
  const { bytes, tooLarge, corrupt } = await collect(wire, decoders, contentType);
  if (corrupt) return unreadable("The answer's content coding is broken: it cannot be unpacked.");
  if (bytes.length === 0 && !tooLarge) return { truncated: false, tooLarge: false };
  try {
    const text = await decode({ bytes, charset: charsetOf(contentType, bytes), cut: tooLarge });
    const raw = startOf(text, MAX_RAW_BYTES);
    const over = tooLarge || Buffer.byteLength(text) > MAX_PARSED_BYTES;
    return { ...(over ? {} : { text }), raw, truncated: tooLarge || raw.length < text.length, tooLarge: over };
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'INVALID_RESPONSE') return unreadable(error.message);
    throw error;
  }
}

/** How the headers say that the body is read; in words why they do not. */
function readable({ contentType, contentEncoding }: BodyHeaders) {
  try {
    return { decoders: decodersFor(contentEncoding), contentType: onlyContentType(contentType) };
  } catch (error) {
    if (error instanceof CodingError) return error.message;
    if (error instanceof ContradictoryTypes) return "The answer's Content-Type headers contradict each other.";
    throw error;
  }
}

interface Collected {
  bytes: Buffer;
  tooLarge: boolean;
  corrupt: boolean;
}

async function collect(wire: Readable, decoders: Transform[], contentType: string | undefined): Promise<Collected> {
  const meter = { bytes: 0, over: false };
  const chunks: Buffer[] = [];
  let size = 0;
  let tooLarge = false;
  let broken: Error | undefined;
  wire.on('error', (error) => (broken ??= error));
  const source = metered(wire, meter);
  const last = decoders.at(-1);
  // Its errors reach the loop below through the last stream.
  if (last) pipeline([Readable.from(source), ...decoders]).catch(() => undefined);
  try {
    for await (const chunk of (last ?? source) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_PARSED_BYTES && size > byteLimit(contentType, chunks)) {
        tooLarge = true;
        break;
      }
    }
  } catch {
    if (broken && !meter.over) throw broken;
    // No body at all is an empty one, whatever coding the headers announce.
    if (!meter.over && meter.bytes > 0) return { bytes: Buffer.alloc(0), tooLarge: false, corrupt: true };
  }
  return { bytes: Buffer.concat(chunks), tooLarge: tooLarge || meter.over, corrupt: false };
}

/** As many bytes as 1 MiB of UTF-8 may take in the charset of the answer, with its byte order mark. */
function byteLimit(contentType: string | undefined, chunks: Buffer[]): number {
  const start = Buffer.concat(chunks.slice(0, 4)).subarray(0, 200);
  return MAX_PARSED_BYTES * widthOf(charsetOf(contentType, start)) + MAX_MARK_BYTES;
}

/** Counts the bytes on the wire, and breaks off when they are too many. */
async function* metered(wire: Readable, meter: { bytes: number; over: boolean }): AsyncGenerator<Buffer> {
  for await (const chunk of wire as AsyncIterable<Buffer>) {
    meter.bytes += chunk.length;
    meter.over = meter.bytes > MAX_WIRE_BYTES;
    if (meter.over) throw new Error('too many bytes on the wire');
    yield chunk;
  }
}

function unreadable(why: string): AnswerBody {
  return { truncated: false, tooLarge: false, unreadable: why };
}
