/**
 * A client of a server that is known to be there.
 * @module
 */
import type { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { HooklineError } from '../../src/flow/errors.js';
import { connectClient } from '../../src/temporal/connect.js';
import type { DevServer } from '../../src/temporal/servers/dev-server.js';

/** Attempts to connect: on a loaded machine five seconds may be over before the first answer was even read. */
const ATTEMPTS = 6;

/** Connects as `connectClient` does, several times if need be. */
export async function connected(
  { address, namespace }: DevServer,
  dataConverter?: DataConverter,
): Promise<{ connection: Connection; client: Client }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connectClient(address, namespace, dataConverter);
    } catch (error) {
      if (!(error instanceof HooklineError) || attempt === ATTEMPTS) throw error;
    }
  }
}
