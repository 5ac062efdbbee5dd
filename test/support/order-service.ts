/**
 * The port of the example's order service is one, and tests that need it take turns.
 * @module
 */
import { createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Beside the service's own: who listens here has the turn. */
const TURN_PORT = 4011;

/** Waits for the turn; the returned function gives it on. */
export async function orderServiceTurn(): Promise<() => Promise<void>> {
  for (;;) {
    const server = createServer();
    if (await listens(server)) return () => new Promise((resolve) => void server.close(() => resolve()));
    await pause(250);
  }
}

function listens(server: Server): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(TURN_PORT, '127.0.0.1', () => resolve(true));
  });
}
