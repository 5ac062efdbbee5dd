/**
 * `/health/live` and `/health/ready` of a process that has no API: a worker.
 * @module
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HooklineError } from '../flow/errors.js';
import { type Checks, readinessOf } from './readiness.js';

/** A server that reports the health of the process. */
export interface HealthServer {
  port: number;
  stop(): Promise<void>;
}

/**
 * Listens at `host:port`; port 0: any that is free.
 * @throws {RangeError} when that is no address, {@link HooklineError} PORT_TAKEN
 */
export async function serveHealth(address: string, checks: Checks): Promise<HealthServer> {
  const [, host, port] = /^(?:\[?([^\]]+?)\]?):(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined) throw new RangeError('HOOKLINE_HEALTH_ADDRESS: not host:port');
  const readiness = readinessOf(checks);
  const server = createServer((request, response) => {
    const say = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/health/live') say(200, { status: 'live' });
    else if (request.url !== '/health/ready') say(404, { status: 'unknown' });
    else void readiness().then((found) => say(found.status === 'ready' ? 200 : 503, found));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = new HooklineError('PORT_TAKEN', `The address ${address} of HOOKLINE_HEALTH_ADDRESS is in use.`);
      reject(error.code === 'EADDRINUSE' ? taken : error);
    });
    server.listen(Number(port), host, resolve);
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, stop };
}
