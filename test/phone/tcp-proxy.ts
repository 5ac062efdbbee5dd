/**
 * A TCP proxy on the loopback whose connections can be dropped.
 * @module
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy. */
export interface TcpProxy {
  port: number;
  /** Ends every connection. */
  drop(): void;
  close(): void;
}

/** Starts one before a port. */
export async function tcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    const outer = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => sockets.forEach((socket) => socket.destroy());
  const close = () => {
    server.close();
    drop();
  };
  return { port: (server.address() as AddressInfo).port, drop, close };
}
