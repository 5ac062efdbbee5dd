/**
 * The connection of workers.
 * @module
 */
import { NativeConnection } from '@temporalio/worker';
import { isLoopback } from './connect.js';

/** Connects a worker. What goes to this machine itself is not compressed. The caller closes the connection. */
export function connectNative(address: string): Promise<NativeConnection> {
  return NativeConnection.connect({ address, ...(isLoopback(address) && { grpcCompression: { codec: 'none' } }) });
}
