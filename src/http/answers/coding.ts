/**
 * Content codings: gzip, deflate and br, in any order. Contract R8.
 * @module
 */
import { Transform, type TransformCallback } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { isCharset } from '../../judging/charset.js';

/** The bytes are in a content coding that is not known, or in too many. */
export class CodingError extends Error {
  override readonly name = 'CodingError';
}

/** What a request says it accepts. */
export const ACCEPTED_CODINGS = 'gzip, deflate, br';

/** More codings than this on one answer are an attack on the reader, not a way to send data. */
const MAX_CODINGS = 3;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
  deflate: () => new Inflate(),
};

/**
 * The streams that undo an answer's codings, in the order of undoing.
 * A target that writes a charset there, or `none`, coded nothing.
 * @throws {CodingError} for a coding that is not known, or too many of them.
 */
export function decodersFor(contentEncoding: string | undefined): Transform[] {
  const codings = (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => !/^(identity|none|)$/.test(coding) && !isCharset(coding));
  const unknown = codings.find((coding) => !Object.hasOwn(DECODERS, coding));
  if (unknown !== undefined) {
    throw new CodingError(
      `The answer's content coding "${unknown.slice(0, 40)}" is not known (gzip, deflate and br are).`,
    );
  }
  if (codings.length > MAX_CODINGS) throw new CodingError(`The answer has more than ${MAX_CODINGS} content codings.`);
  return codings.reverse().flatMap((coding) => DECODERS[coding]?.() ?? []);
}

/**
 * `deflate` is the zlib format by its definition and raw by the habit of some servers: the first byte tells.
 * Bytes behind the end of the compressed data are ignored.
 */
class Inflate extends Transform {
  #inner: ReturnType<typeof createInflate | typeof createInflateRaw> | undefined;
  #given = 0;
  #ended = false;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    // An inner stream that left bytes over has read its end, and fails when it is given more.
    if (this.#inner && this.#inner.bytesWritten < this.#given) return done();
    this.#inner ??= this.#start(chunk);
    this.#given += chunk.length;
    this.#inner.write(chunk, (error) => done(error));
  }

  override _flush(done: TransformCallback): void {
    if (!this.#inner || this.#ended) return done();
    this.#inner.once('end', done);
    this.#inner.end();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inner?.destroy();
    done(error);
  }

  #start(chunk: Buffer) {
    const isZlib = ((chunk[0] ?? 0) & 0x0f) === 8;
    const inner = isZlib ? createInflate() : createInflateRaw();
    inner.on('data', (data: Buffer) => this.push(data));
    inner.on('end', () => (this.#ended = true));
    inner.on('error', (error) => this.destroy(error));
    return inner;
  }
}
