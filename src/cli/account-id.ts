import { InvalidArgumentError } from 'commander';

/** Reads the id of an account from the command line. */
export function accountId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1) throw new InvalidArgumentError('An account id is a positive whole number.');
  return id;
}
