/**
 * A real HTTP server for tests that can misbehave, and the way to send a webhook task to it.
 * @module
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { TargetRules, RequestOutcome, WebhookTask } from '../../src/engine/webhook-task.js';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import { webhook as webhookSchema } from '../../src/flow/widgets/webhook.js';

/** One request as the target got it. */
export interface Received {
  method: string;
  path: string;
  headers: Record<string, string>;
  rawHeaders: [name: string, value: string][];
  body: string;
  /** Milliseconds on the clock of `performance.now()`. */
  at: number;
  /** Settles when the connection of this request is closed. */
  closed: Promise<unknown>;
}

/** What the target does with a request. */
export type Behaviour = (request: Received, response: ServerResponse, socket: Socket) => void;

/** A server on 127.0.0.1 whose paths are scripted; a path without a script answers 404. */
export class Target {
  readonly received: Received[] = [];
  connections = 0;
  readonly #scripts = new Map<string, Behaviour[]>();
  readonly #sockets = new Set<Socket>();
  readonly #closed = new WeakMap<Socket, Promise<unknown>>();
  readonly #server: ReturnType<typeof createServer>;
  readonly #scheme: 'http' | 'https';

  private constructor(certificate?: string) {
    const handler = (request: IncomingMessage, response: ServerResponse) => void this.#handle(request, response);
    this.#server = certificate
      ? createTlsServer({ key: TEST_ONLY_KEY, cert: certificate }, handler)
      : createServer(handler);
    this.#scheme = certificate ? 'https' : 'http';
    this.#server.keepAliveTimeout = 30_000;
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
  }

  /** @param options a certificate makes it an https server. */
  static async start(options: { certificate?: string } = {}): Promise<Target> {
    const target = new Target(options.certificate);
    target.#server.listen(0, '127.0.0.1');
    await once(target.#server, 'listening');
    return target;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path: string, host = '127.0.0.1'): string {
    return `${this.#scheme}://${host}:${this.port}${path}`;
  }

  /** Scripts a path: one behaviour for each request in turn, the last for all that follow. */
  on(path: string, ...behaviours: Behaviour[]): this {
    this.#scripts.set(path, behaviours);
    return this;
  }

  /** The requests that came for a path, whatever their query. */
  of(path: string): Received[] {
    return this.received.filter((request) => request.path.split('?')[0] === path);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** One for all requests of a connection. */
  #closedOf(socket: Socket): Promise<unknown> {
    const known = this.#closed.get(socket) ?? new Promise((resolve) => socket.once('close', resolve));
    this.#closed.set(socket, known);
    return known;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    const closed = this.#closedOf(request.socket);
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8');
    const raw = request.rawHeaders.flatMap((name, index): [string, string][] =>
      index % 2 === 0 ? [[name, utf8(request.rawHeaders[index + 1] ?? '')]] : [],
    );
    const received: Received = {
      ...{ method: request.method ?? '', path: request.url ?? '', rawHeaders: raw },
      headers: Object.fromEntries(raw.map(([name, value]) => [name.toLowerCase(), value])),
      ...{ body: Buffer.concat(chunks).toString('utf8'), at: performance.now(), closed },
    };
    const path = received.path.split('?')[0] ?? '';
    const script = this.#scripts.get(path) ?? [answer(404)];
    const turn = Math.min(this.of(path).length, script.length - 1);
    this.received.push(received);
    script[turn]?.(received, response, request.socket);
  }
}

/** Answers with a status, a body and headers. */
export function answer(status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Behaviour {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

/** Answers 200 with JSON. */
export function json(value: unknown): Behaviour {
  return answer(200, JSON.stringify(value), { 'content-type': 'application/json' });
}

/** Writes these very bytes instead of an answer of HTTP, then closes unless told to keep the connection. */
export function bytes(raw: string | Uint8Array, { keep = false } = {}): Behaviour {
  return (_request, _response, socket) => {
    if (keep) socket.write(raw);
    else socket.end(raw);
  };
}

/** Never answers. */
export const silence: Behaviour = () => undefined;

/** Breaks the connection off. */
export const reset: Behaviour = (_request, _response, socket) => void socket.resetAndDestroy();

/** Answers 200, then sends a chunk every so many milliseconds, for ever or so many times; it never ends the body. */
export function drip(
  chunk: string | Buffer,
  every: number,
  times = Infinity,
  headers: Record<string, string> = {},
): Behaviour {
  return (_request, response) => {
    response.writeHead(200, headers).flushHeaders();
    let sent = 0;
    const timer = setInterval(() => {
      if (response.destroyed || sent++ >= times) clearInterval(timer);
      else response.write(chunk);
    }, every);
    response.on('close', () => clearInterval(timer));
  };
}

/** Does one thing after so many milliseconds. */
export function after(milliseconds: number, behaviour: Behaviour): Behaviour {
  return (...all) => void setTimeout(() => behaviour(...all), milliseconds);
}

/** What a test says of a webhook widget; the rest has the defaults of the widget's schema. */
export interface WidgetUnderTest {
  request: { url: string } & Record<string, unknown>;
  response?: unknown;
  retry?: unknown;
}

let calls = 0;

/** What a test says of the circumstances of a task. */
export interface TaskFacts extends Partial<Pick<WebhookTask, 'timeout' | 'waited' | 'variables' | 'idempotencyKey'>> {
  rules?: Partial<TargetRules>;
}

/** A task for the activity. Unless told otherwise its account allows http and 127.0.0.1, and the method is GET. */
export function taskFor(widget: WidgetUnderTest, { rules, ...facts }: TaskFacts = {}): WebhookTask {
  const { request, response, retry } = webhookSchema.parse({
    type: 'webhook',
    ...widget,
    request: { method: 'GET', ...widget.request },
  });
  return {
    ...{
      request,
      response,
      retry,
      // A call of its own: what one call may take of threads is limited.
      idempotencyKey: `call-${(calls += 1)}/lookup/1`,
      timeout: 10,
      waited: true,
      variables: {},
      ...facts,
    },
    rules: { accountId: 1, httpEnabled: true, targetAllowList: ['127.0.0.1'], secrets: {}, ...rules },
  };
}

/** Runs a task as Temporal would. */
export async function runTask(
  task: WebhookTask,
  { webhook } = createWebhookActivities(),
  environment = new MockActivityEnvironment({
    workflowExecution: { workflowId: task.idempotencyKey.replace(/\/.*$/, ''), runId: 'run-1' },
  }),
): Promise<RequestOutcome> {
  return environment.run<[WebhookTask], RequestOutcome, typeof webhook>(webhook, task);
}

/** The key of the certificates below: for tests only, it protects nothing. */
export const TEST_ONLY_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1eIrOnckaFbRtP6S
AQp3cMn5tLETBFEockPGBA1O6dOhRANCAAQCnPCvSST9pOsWBEXkc4+APrXpTMaG
lbXpYLl+hHIniKPfk06cakytPlkKMxvD9XKUf7cBtnzKunwQiIuBvIZ5
-----END PRIVATE KEY-----`;

/** For localhost and 127.0.0.1, self-signed, valid from 2000 to 2100. */
export const TEST_ONLY_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBaDCCAQ6gAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJob29rbGlu
ZSB0ZXN0IG9ubHkwIBcNMDAwMTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAwMDBaMB0x
GzAZBgNVBAMMEmhvb2tsaW5lIHRlc3Qgb25seTBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABAKc8K9JJP2k6xYEReRzj4A+telMxoaVtelguX6EcieIo9+TTpxqTK0+
WQozG8P1cpR/twG2fMq6fBCIi4G8hnmjPTA7MBoGA1UdEQQTMBGCCWxvY2FsaG9z
dIcEfwAAATAdBgNVHQ4EFgQUS6gvQ884/2DGkjgYx5MXXMiIOikwCgYIKoZIzj0E
AwIDSAAwRQIhAJ37se6N/eVHI3NMIim7xGgQ1Giwxb0NoWzZEA/CgHYkAiAjyxX/
CEyT/PLPRQQiudIa2ImU31kQ4DHBE2eaSbf/HA==
-----END CERTIFICATE-----`;

/** The same, expired in 2001. */
export const TEST_ONLY_EXPIRED_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBZzCCAQygAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJob29rbGlu
ZSB0ZXN0IG9ubHkwHhcNMDAwMTAxMDAwMDAwWhcNMDEwMTAxMDAwMDAwWjAdMRsw
GQYDVQQDDBJob29rbGluZSB0ZXN0IG9ubHkwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAQCnPCvSST9pOsWBEXkc4+APrXpTMaGlbXpYLl+hHIniKPfk06cakytPlkK
MxvD9XKUf7cBtnzKunwQiIuBvIZ5oz0wOzAaBgNVHREEEzARgglsb2NhbGhvc3SH
BH8AAAEwHQYDVR0OBBYEFEuoL0PPOP9gxpI4GMeTF1zIiDopMAoGCCqGSM49BAMC
A0kAMEYCIQDpuYUO4mKz1uIa8f/W71eXSzoMp3PnP7qZf/7NGddc3QIhAMPrJ7Pc
O6r7NmOi3iqoA8E8/Y245vE6xvaZysrkwQp5
-----END CERTIFICATE-----`;
