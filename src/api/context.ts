/**
 * What the routes for accounts work with.
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
import type { Store } from '../store/store.js';
import type { Guesses } from './access/guessing.js';

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
