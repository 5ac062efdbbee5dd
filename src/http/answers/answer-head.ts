/**
 * Reads the heads of answers before undici does, which is stricter than HTTP. Contract W13, R2.
 * @module
 */
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { framedHead, UnreadableHead } from './framing.js';

/** A head that is longer than this is left to the HTTP parser, which refuses it. */
const MAX_HEAD_BYTES = 16 * 1024;
/** Informational answers before the one that counts: a target that sends them without end keeps us busy. */
const MAX_INFORMATIONAL = 100;

/** A connector whose sockets have the heads of their answers read by {@link readHeads}. */
export function readingHeads(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      if (result[1]) readHeads(result[1]);
      callback(...result);
    });
}

/**
 * Takes every 1xx answer out of what the socket reads, and gives each other head the form in which undici reads what HTTP
 * means. An answer whose end is not known and a 101 end the socket with `UnreadableHead`. Contract W13, R2.
 *
 * undici takes a 100 that it did not ask for, a repeated length and a 204 with a length for a broken connection, and a 101
 * for one or for an endless wait.
 */
function readHeads(socket: Socket): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  const push = socket.push.bind(socket);
  // One request is on a connection at a time, so the first bytes after its head are the head of an answer.
  let expectingHead = false;
  let toHead = false;
  let informational = 0;
  let held = Buffer.alloc(0);

  const release = (bytes: Buffer) => {
    expectingHead = false;
    held = Buffer.alloc(0);
    return bytes.length === 0 || push(bytes);
  };

  socket.write = (...args: unknown[]) => {
    // undici writes the head of a request as text; our bodies are bytes.
    if (typeof args[0] === 'string') {
      expectingHead = true;
      informational = 0;
      toHead = args[0].startsWith('HEAD ');
    }
    return write(...args);
  };

  socket.push = (chunk: Buffer | null) => {
    if (!expectingHead) return push(chunk);
    if (chunk === null) {
      release(held);
      return push(null);
    }
    held = Buffer.concat([held, chunk]);
    for (;;) {
      const start = held.toString('latin1', 0, MAX_HEAD_BYTES);
      if (!start.startsWith('HTTP/'.slice(0, start.length))) return release(held);
      const blankLine = /\n\r?\n/.exec(start);
      if (!blankLine) return held.length > MAX_HEAD_BYTES ? release(held) : true;
      const end = blankLine.index + blankLine[0].length;
      const head = start.slice(0, end);
      const status = Number(/^HTTP\/\d\.\d ([1-9]\d\d)(?!\d)/.exec(head)?.[1] ?? 0);
      if (status === 0) return release(held);
      if (status >= 200 || status === 101) {
        try {
          const { text, endsHere } = framedHead(head, status, toHead);
          return release(Buffer.concat([Buffer.from(text, 'latin1'), held.subarray(endsHere ? held.length : end)]));
        } catch (error) {
          socket.destroy(error as Error);
          return false;
        }
      }
      held = held.subarray(end);
      informational += 1;
      if (informational > MAX_INFORMATIONAL) {
        socket.destroy(new UnreadableHead(status, `The target sent more than ${MAX_INFORMATIONAL} answers of 1xx.`));
        return false;
      }
    }
  };
}
