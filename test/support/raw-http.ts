/**
 * Requests as bytes, for what no client of HTTP would send.
 * @module
 */
import { connect } from 'node:net';

/** What came back. */
export interface RawAnswer {
  /** 0 when the server closed the connection without a word. */
  status: number;
  type: string;
  /** Of a problem document. */
  code: string | undefined;
}

/** Sends bytes to a server on this machine, and reads until it closes the connection. */
export async function sendBytes(url: string, bytes: Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const chunks: Buffer[] = [];
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  // A server that has read enough closes: what it said before counts.
  await new Promise<void>((closed) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => closed());
  });
  const [head = '', ...rest] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
    type: /^content-type: *([^;\r\n]*)/im.exec(head)?.[1] ?? '',
    code: /"code":"(\w+)"/.exec(rest.join('\r\n\r\n'))?.[1],
  };
}

/** A request of these parts, whatever they hold. */
export function requestOf(method: string, path: string, headers: [string, string][], body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  const lines = [...headers, ['Content-Length', String(bytes.length)], ['Connection', 'close']];
  const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'utf8'), bytes]);
}
