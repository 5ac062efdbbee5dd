import type { BridgeErrorType } from './commands.js';

/** A command that the bridge cannot carry out, by its type. Contract B4. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';

  constructor(
    readonly type: BridgeErrorType,
    message: string,
  ) {
    super(message);
  }
}
