/**
 * The addresses of a mail server that may be connected to. Contract W11.
 * @module
 */
import { isIP } from 'node:net';
import { addressesOf } from '../http/names.js';
import { RefusedTarget, TargetPolicy } from '../http/target.js';

/**
 * Looks a host up once, and gives those of its addresses that may be connected to: the connection is made to one of
 * these very addresses, so that no later answer of DNS slips in.
 * @throws {RefusedTarget} when there is none; the error of DNS when the host has no address.
 */
export async function permittedAddresses(
  account: number,
  host: string,
  allowList: readonly string[],
): Promise<string[]> {
  const policy = new TargetPolicy(allowList);
  const found = isIP(host) === 0 ? (await addressesOf(account, host)).map(({ address }) => address) : [host];
  const permitted = policy.exempts(host) ? found : found.filter((address) => policy.permits(address));
  if (permitted.length === 0) throw new RefusedTarget();
  return permitted;
}
