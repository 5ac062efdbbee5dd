/**
 * A proxy for tests that opens tunnels (CONNECT), and can misbehave.
 * @module
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** What the proxy does with a request for a tunnel. */
export type TunnelBehaviour = (request: IncomingMessage, socket: Socket) => void;

/** A proxy on 127.0.0.1. */
export class ConnectProxy {
  /** `host:port` of each tunnel that was asked for. */
  readonly asked: string[] = [];
  /** The `Proxy-Authorization` of each. */
  readonly logins: (string | undefined)[] = [];
  behaviour: TunnelBehaviour = opensTunnel;
  readonly #server = createServer((_request, response) => response.writeHead(405).end());
  readonly #sockets = new Set<Socket>();

  static async start(): Promise<ConnectProxy> {
    const proxy = new ConnectProxy();
    proxy.#server.on('connection', (socket: Socket) => {
      proxy.#sockets.add(socket.on('error', () => undefined));
    });
    proxy.#server.on('connect', (request: IncomingMessage, socket: Socket) => {
      proxy.asked.push(request.url ?? '');
      proxy.logins.push(request.headers['proxy-authorization']);
      proxy.behaviour(request, socket);
    });
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  url(login = ''): string {
    return `http://${login}127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Opens the tunnel to 127.0.0.1 at the port that was asked for, whatever its host: names of tests are nowhere. */
export const opensTunnel: TunnelBehaviour = (request, socket) => {
  const upstream = connect(Number(/:(\d+)$/.exec(request.url ?? '')?.[1]), '127.0.0.1');
  upstream.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  upstream.on('connect', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.pipe(socket).pipe(upstream);
  });
  socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
};

/** Answers without opening a tunnel. */
export const answersTunnel =
  (head: string): TunnelBehaviour =>
  (_request, socket) =>
    void socket.end(head);
