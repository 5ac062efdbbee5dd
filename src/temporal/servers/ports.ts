/**
 * Ports of this machine's loopback address.
 * @module
 */
import { connect, createServer } from 'node:net';

/** Gives the wished port if it is free, else any free one. It stays free until somebody takes it. */
export async function freePort(wish = 0): Promise<number> {
  return (await tryPort(wish)) ?? (await tryPort(0)) ?? Promise.reject(new Error('This machine has no free port.'));
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}

/** Whether something listens on a port. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket
      .once('connect', () => answer(true))
      .once('error', () => answer(false))
      .once('timeout', () => answer(false));
  });
}
