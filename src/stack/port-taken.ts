/**
 * The error for a port that another program has.
 * @module
 */
import { HooklineError } from '../flow/errors.js';

/** For `catch` of what listens: throws PORT_TAKEN, naming the option for another port, or the error as it is. */
export function portTaken(port: number | string, option: string): (error: unknown) => never {
  return (error) => {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw taken ? new HooklineError('PORT_TAKEN', `Port ${port} is in use. Set another one with ${option}.`) : error;
  };
}
