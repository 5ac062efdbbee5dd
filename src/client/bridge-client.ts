/**
 * The API as a bridge over HTTP uses it. Contract B1, B2, B6.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { BridgeEvent } from '../telephony/events.js';
import { Signature } from '../telephony/http/signature.js';
import type { CallInput } from '../telephony/start.js';
import { send } from './api-request.js';

/** How a bridge reaches the API. */
export interface BridgeClientOptions {
  /** Where the API listens, without a slash at its end. */
  url: string;
  /** `HOOKLINE_BRIDGE_SECRET` of the engine; default: none, which an engine on this machine may take. */
  secret?: string;
  /** Milliseconds for one request, default 10,000. */
  timeoutMs?: number;
}

/** Where a call stands. */
export interface BridgeCallState {
  /** Workflow id. */
  call: string;
  state: 'running' | 'ended';
  /** Keys of the widgets that it has entered. */
  path: string[];
}

/**
 * A bridge's side of the HTTP binding. Every method may be repeated: a call is started once, an event taken once.
 *
 * @example
 * const engine = new BridgeClient({ url: 'http://127.0.0.1:8180', secret: process.env.HOOKLINE_BRIDGE_SECRET });
 * const { call } = await engine.startCall({ account: 163, flow: { id: 'ordrstat' }, call: facts, bridge: { id, url } });
 * await engine.sendEvents(call, [{ eventId: '1', seq: 1, leg: '1', type: 'legEnded', at, cause: 16, by: 'remote' }]);
 */
export class BridgeClient {
  readonly #url: string;
  readonly #signature: Signature | null;
  readonly #timeoutMs: number;

  /** @throws {RangeError} when the secret is not valid */
  constructor({ url, secret, timeoutMs = 10_000 }: BridgeClientOptions) {
    this.#url = url.replace(/\/+$/, '');
    this.#signature = secret === undefined ? null : Signature.parse(secret);
    this.#timeoutMs = timeoutMs;
  }

  /** Starts a call, or finds the one that was started with the same bridge and call id. @throws {HooklineApiError} */
  startCall(input: CallInput): Promise<{ call: string }> {
    return this.#send('POST', '/bridge/calls', input);
  }

  /** Reports what happened on legs, in order. @throws {HooklineApiError} INVALID_EVENT; the good ones were taken then */
  sendEvents(call: string, events: readonly BridgeEvent[]): Promise<{ call: string; state: 'running' | 'ended' }> {
    return this.#send('POST', `/bridge/calls/${encodeURIComponent(call)}/events`, events);
  }

  /** Where a call stands. @throws {HooklineApiError} CALL_UNKNOWN, NO_WORKER */
  callState(call: string): Promise<BridgeCallState> {
    return this.#send('GET', `/bridge/calls/${encodeURIComponent(call)}`);
  }

  /**
   * The account and the flow of a number that was dialled, ready for a start; undefined when nobody has it: refuse the call with
   * cause 1. @throws {HooklineApiError}
   */
  async didTarget(number: string): Promise<Pick<CallInput, 'account' | 'flow'> | undefined> {
    try {
      return await this.#send<Pick<CallInput, 'account' | 'flow'>>('POST', '/bridge/dids', { number });
    } catch (error) {
      if ((error as { code?: string }).code === 'DID_UNKNOWN') return undefined;
      throw error;
    }
  }

  #send<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = this.#signature?.headers(randomUUID(), text) ?? {};
    return send<T>(this.#url, { method, path, body, headers }, this.#timeoutMs);
  }
}
