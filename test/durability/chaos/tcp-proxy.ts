/**
 * A network that can be cut and slowed: a TCP proxy on this machine.
 * @module
 */
import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** Passes connections on to a port of this machine. */
export class TcpProxy {
  readonly #sockets = new Set<Socket>();
  #cut = false;
  #delayMs = 0;

  private constructor(
    private readonly server: Server,
    target: number,
  ) {
    server.on('connection', (near) => {
      if (this.#cut) return near.resetAndDestroy();
      this.#join(near, connect({ port: target, host: '127.0.0.1' }));
    });
  }

  /** Starts a proxy to a port, which need not listen yet. */
  static async to(target: number): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Resets every connection, and each new one, until it is healed. */
  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** What is sent arrives this much later, in either direction. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** The network is well again. */
  heal(): void {
    this.#cut = false;
    this.#delayMs = 0;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  #join(near: Socket, far: Socket): void {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('data', this.#carrier(other));
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }

  /** Brings bytes to a socket in their order, however the delay changes meanwhile. */
  #carrier(to: Socket): (chunk: Buffer) => void {
    const waiting: { chunk: Buffer; due: number }[] = [];
    const carry = () => {
      while (waiting[0] && waiting[0].due <= Date.now()) to.write(waiting.shift()?.chunk ?? '');
      if (waiting[0]) setTimeout(carry, waiting[0].due - Date.now());
    };
    return (chunk) => {
      const last = waiting.at(-1);
      if (!last && this.#delayMs === 0) return void to.write(chunk);
      waiting.push({ chunk, due: Math.max(last?.due ?? 0, Date.now() + this.#delayMs) });
      if (!last) setTimeout(carry, this.#delayMs);
    };
  }
}
