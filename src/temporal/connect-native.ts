/**
 * The connection of workers.
 * @module
 */
import { NativeConnection } from '@temporalio/worker';
import { isLoopback } from './connect.js';
import { temporalTransport } from './server-access.js';

/**
 * Connects a worker. What goes to this machine itself is not compressed. The caller closes the connection.
 * @throws HooklineError TLS_INVALID
 */
export async function connectNative(address: string): Promise<NativeConnection> {
  const compression = isLoopback(address) && { grpcCompression: { codec: 'none' as const } };
  return NativeConnection.connect({ address, ...temporalTransport(address), ...compression });
}
