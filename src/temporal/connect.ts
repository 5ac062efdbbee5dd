/**
 * Connecting to a Temporal server.
 * @module
 */
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { HooklineError } from '../flow/errors.js';
import { configuredDataConverter } from './codec/data-converter.js';
import { temporalTransport } from './server-access.js';

const CONNECT_SECONDS = 5;

/** Which server the environment names. */
export interface TemporalSettings {
  /** `TEMPORAL_ADDRESS`, as `host:port`; null when it is not set. */
  address: string | null;
  /** `TEMPORAL_NAMESPACE`; default `default`. */
  namespace: string;
}

/** Reads from the environment which server to use. This is the one place that does. */
export function temporalSettings(env: NodeJS.ProcessEnv = process.env): TemporalSettings {
  return { address: env.TEMPORAL_ADDRESS || null, namespace: env.TEMPORAL_NAMESPACE || 'default' };
}

/** Whether an address is this machine: there, compressing what is sent only costs time. */
export function isLoopback(address: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(address);
}

/**
 * Connects a client and makes sure that a Temporal server answers. It does not compress.
 * The caller closes the connection.
 * @param address `host:port`; the port's default is 7233
 * @param namespace default `default`
 * @param dataConverter default: with the codec that the environment asks for
 * @throws HooklineError TEMPORAL_UNREACHABLE when nothing answers within 5 s, CODEC_KEYS_INVALID, TLS_INVALID
 */
export async function connectClient(
  address: string,
  namespace = 'default',
  dataConverter: DataConverter = configuredDataConverter(),
): Promise<{ connection: Connection; client: Client }> {
  const transport = temporalTransport(address);
  let connection: Connection | undefined;
  try {
    connection = Connection.lazy({ address, ...transport, connectTimeout: CONNECT_SECONDS * 1000 });
    await connection.ensureConnected();
    return { connection, client: new Client({ connection, namespace, dataConverter }) };
  } catch (cause) {
    await connection?.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HooklineError(
      'TEMPORAL_UNREACHABLE',
      `No Temporal server answers at ${address} (waited up to ${CONNECT_SECONDS} s: ${reason}). Check TEMPORAL_ADDRESS and that the server runs; \`temporal server start-dev\` starts one at localhost:7233.`,
      { cause },
    );
  }
}
