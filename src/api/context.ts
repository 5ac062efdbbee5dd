/**
 * What the routes of the API work with.
 * @module
 */
import type { Client } from '@temporalio/client';
import type {
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { FastifyBaseLogger } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ListenerTls } from '../crypto/tls-listener.js';
import type { SecretSettings } from '../http/secret-settings.js';
import type { Log } from '../observability/log.js';
import type { Checks } from '../observability/readiness.js';
import type { HttpBridgeSettings } from '../telephony/http/bridge-http-settings.js';
import type { Store } from '../store/store.js';
import type { Guesses } from './access/guessing.js';

/** What the API works with. */
export interface ApiContext {
  client: Client;
  http: HttpBridgeSettings;
  /** Whether the server knows our search attributes. */
  searchAttributes: boolean;
  /** Whether it knows `HooklineBridge`, default false. Contract B8. */
  findsBridges?: boolean;
  /** Of the calls that it starts, default `hookline`. */
  taskQueue?: string;
}

/** The store, and the server on which calls run. */
export interface AccountContext {
  store: Store;
  client: Client;
  /** Of calls and outbound desks. */
  taskQueue: string;
  /** Whether the server knows our search attributes. */
  searchAttributes: boolean;
  /** Opens every account; null: no such key. */
  operatorKey: string | null;
  /** Below which short links are followed, without a slash at its end. */
  publicUrl: string;
  /** Requests of one key, or of one address without a key, within a minute. */
  requestsPerMinute: number;
  /** Which places the secrets of accounts may name; default: their own, and no folder. Contract D3. */
  secrets?: SecretSettings | undefined;
  /** Wrong keys after which an address is shut out for 5 minutes, default 20. */
  wrongKeys?: number | undefined;
}

/** What routes work with that judge who asks. */
export interface GuardedContext extends AccountContext {
  /** Wrong keys and security ids, counted over all routes. */
  guesses: Guesses;
}

/** A server whose routes have zod schemas. */
export type ZodApi = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes for accounts need beside the rest. */
export type AccountSettings = Pick<
  AccountContext,
  'store' | 'operatorKey' | 'requestsPerMinute' | 'wrongKeys' | 'secrets'
> & {
  /** Below which short links are followed; default: the address at which the API listens. */
  publicUrl?: string | undefined;
};

/** Where the API listens. */
export interface ApiOptions extends ApiContext {
  /** Accounts and all that belongs to them; default: no store, and none of their routes. */
  accounts?: AccountSettings | undefined;
  /** Addresses of proxies whose `X-Forwarded-For` is believed; default: none. */
  trustedProxies?: string[];
  /** Default: plain HTTP. */
  tls?: ListenerTls | null;
  /** An IP address or name of this machine. */
  host: string;
  /** 0: any that is free. */
  port: number;
  /** Logs every request, and faults of ours. */
  log: Log;
  /** What readiness asks beside Temporal, store and files; default: nothing. */
  checks?: Checks;
}
