/**
 * Informational answers (1xx) before the real one. Contract R2.
 * @module
 */
import type { Socket } from 'node:net';

/** The target answered 101, though the request asked for no other protocol. */
export class ProtocolSwitch extends Error {
  override readonly name = 'ProtocolSwitch';
}

/** A head that is longer than this is left to the HTTP parser, which refuses it. */
const MAX_HEAD_BYTES = 16 * 1024;

/**
 * Takes every 1xx answer out of what the socket reads, and ends the socket with {@link ProtocolSwitch} at a 101.
 * undici takes a 100 that it did not ask for as a broken connection, and a 101 as one or as an endless wait.
 */
export function skipInformational(socket: Socket): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  const push = socket.push.bind(socket);
  // One request is on a connection at a time, so the first bytes after a write are the head of an answer.
  let expectingHead = false;
  let held = Buffer.alloc(0);

  const release = () => {
    const bytes = held;
    expectingHead = false;
    held = Buffer.alloc(0);
    return bytes.length === 0 || push(bytes);
  };

  socket.write = (...args: unknown[]) => {
    expectingHead = true;
    return write(...args);
  };

  socket.push = (chunk: Buffer | null) => {
    if (!expectingHead) return push(chunk);
    if (chunk === null) {
      release();
      return push(null);
    }
    held = Buffer.concat([held, chunk]);
    for (;;) {
      const start = held.toString('latin1', 0, 12);
      if (start.length < 12 && 'HTTP/'.startsWith(start.slice(0, 5))) return true;
      if (!/^HTTP\/\d\.\d 1\d\d/.test(start)) return release();
      if (start.endsWith('101')) {
        socket.destroy(new ProtocolSwitch());
        return false;
      }
      const end = held.indexOf('\r\n\r\n');
      if (end === -1) return held.length > MAX_HEAD_BYTES ? release() : true;
      held = held.subarray(end + 4);
    }
  };
}
