/**
 * A bridge over HTTP that does what a test says, and notes what it was sent.
 * @module
 */
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BridgeCommand } from '../../src/telephony/commands.js';

/** One POST that the bridge got. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  command: BridgeCommand;
  at: number;
}

/** What the bridge answers: a body (text or JSON) with its status, by default 200; null: nothing, ever. */
export type Said = { status?: number; body: unknown } | null;

/** A listening bridge. */
export interface HttpBridge {
  url: string;
  received: Received[];
  stop(): Promise<void>;
}

/** `done`, as most commands are answered. */
export const done: Said = { body: { result: 'done' } };

/** Starts a bridge; `obey` is told how often the command has come, from 1. */
export async function httpBridge(
  obey: (command: BridgeCommand, times: number) => Said | Promise<Said>,
): Promise<HttpBridge> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const command = JSON.parse(body) as BridgeCommand;
      received.push({ headers: request.headers, body, command, at: performance.now() });
      const times = received.filter((one) => one.command.commandId === command.commandId).length;
      void Promise.resolve(obey(command, times)).then((said) => {
        if (said === null) return;
        response.writeHead(said.status ?? 200, { 'content-type': 'application/json' });
        response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/commands`, received, stop };
}
