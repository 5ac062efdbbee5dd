/**
 * The looking up of names for connections, which lets only checked addresses through. Contract W11.
 * @module
 */
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { addressesOf } from '../names.js';
import { RefusedTarget, type TargetPolicy } from '../target.js';

/** DNS for connections: of a name's addresses only those that may be connected to, so that no later answer slips in. */
export function checkedLookup(policy: TargetPolicy, account: number): LookupFunction {
  return (hostname, options, callback) => {
    const check = (found: LookupAddress[]) => {
      const addresses = policy.exempts(hostname) ? found : found.filter(({ address }) => policy.permits(address));
      const [first] = addresses as [LookupAddress?];
      if (!first) return callback(new RefusedTarget(), '');
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    };
    // Apart from the promise, so that what a callback throws is no failed lookup.
    addressesOf(account, hostname).then(
      (found) => process.nextTick(check, found),
      (error: NodeJS.ErrnoException) => process.nextTick(callback, error, ''),
    );
  };
}
