/**
 * The one WebSocket to Asterisk: events and the answers to requests come over it in one order. It reconnects for ever, with growing
 * pauses; another client of the same name is fatal. Contract B2, B3.
 * @module
 */
import { WebSocket } from 'undici';
import { type AriEvent, type AriResponse, readMessage } from './ari-messages.js';

/** Where ARI is. */
export interface AriPlace {
  /** `http://HOST:PORT` of Asterisk's HTTP server. */
  url: string;
  user: string;
  password: string;
  /** The Stasis application: one for each bridge node. */
  app: string;
}

/** What the owner of a socket learns. */
export interface AriHooks {
  event(event: AriEvent): void;
  /** The socket is there, for the first time or again: events of the time between are lost. */
  connected(): void;
  away(why: string): void;
  /** Another client has taken the application: this one receives nothing any more. */
  replaced(): void;
}

/** Asterisk gave no answer: it is away, the socket was lost meanwhile, or time was up. */
export class AriAway extends Error {
  override readonly name = 'AriAway';
}

/** Milliseconds before a connection is tried again. */
const PAUSES_MS = [50, 100, 200, 400, 800, 1500];
/** Milliseconds that a connection, and a request, may take. */
const CONNECT_MS = 5000;
const ANSWER_MS = 5000;

interface Waiting {
  resolve: (response: AriResponse) => void;
  reject: (error: AriAway) => void;
}

/** The socket. */
export class AriSocket {
  #socket: WebSocket | null = null;
  #open = false;
  #closed = false;
  #attempt = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastAnswer = Date.now();
  #requests = 0;
  readonly #waiting = new Map<string, Waiting>();

  constructor(
    private readonly place: AriPlace,
    private readonly hooks: AriHooks,
  ) {}

  /** Begins to connect. */
  start(): void {
    this.#connect();
  }

  /** Whether the socket is there. */
  get connected(): boolean {
    return this.#open;
  }

  /** Whether it was closed for good. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Milliseconds since Asterisk last answered anything. */
  get silentMs(): number {
    return Date.now() - this.#lastAnswer;
  }

  /** Sends a request. @throws {AriAway} without an answer: it may have been carried out, or not */
  async send(method: string, uri: string, body?: unknown): Promise<AriResponse> {
    const socket = this.#socket;
    if (!socket || !this.#open) throw new AriAway('Asterisk is away.');
    const id = String(++this.#requests);
    const content = body === undefined ? {} : { content_type: 'application/json', message_body: JSON.stringify(body) };
    return new Promise<AriResponse>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new AriAway(`Asterisk gave no answer to ${method} within ${ANSWER_MS / 1000} s.`));
      }, ANSWER_MS);
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          settle(value);
        };
      this.#waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      socket.send(JSON.stringify({ type: 'RESTRequest', request_id: id, method, uri, ...content }));
    });
  }

  /** Drops the connection, which is made anew. */
  drop(why: string): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#lost(socket, why);
    socket.close();
  }

  /** Ends it. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (!socket) return;
    // What is under way has no outcome: the next process takes it up.
    this.#waiting.clear();
    this.#lost(socket, 'closed by us');
    socket.close();
  }

  #connect(): void {
    const { url, user, password, app } = this.place;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ari/events?app=${encodeURIComponent(app)}`, {
      headers: { authorization },
    });
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost(socket, 'no connection in time'), CONNECT_MS);
    socket.addEventListener('open', () => this.#opened(socket));
    socket.addEventListener('message', ({ data }) => this.#received(socket, String(data)));
    socket.addEventListener('close', ({ code }) => this.#lost(socket, `closed (${code})`));
    socket.addEventListener('error', () => this.#lost(socket, 'no connection'));
  }

  #opened(socket: WebSocket): void {
    if (socket !== this.#socket) return socket.close();
    clearTimeout(this.#timer);
    this.#open = true;
    this.#attempt = 0;
    this.#lastAnswer = Date.now();
    this.hooks.connected();
  }

  #received(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    const message = readMessage(text);
    if (!message) return;
    if (message.type === 'RESTResponse') {
      this.#lastAnswer = Date.now();
      this.#waiting.get(message.request_id)?.resolve(message);
      this.#waiting.delete(message.request_id);
    } else if (message.type === 'ApplicationReplaced') {
      this.close();
      this.hooks.replaced();
    } else this.hooks.event(message);
  }

  #lost(socket: WebSocket, why: string): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearTimeout(this.#timer);
    const wasOpen = this.#open;
    this.#open = false;
    for (const { reject } of this.#waiting.values()) reject(new AriAway(`The socket to Asterisk was lost: ${why}.`));
    this.#waiting.clear();
    if (this.#closed) return;
    if (wasOpen || this.#attempt === 0) this.hooks.away(why);
    this.#timer = setTimeout(() => this.#connect(), PAUSES_MS[Math.min(this.#attempt++, PAUSES_MS.length - 1)]);
  }
}
