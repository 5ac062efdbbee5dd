/**
 * Looking names up, so that no account waits for the name servers of another: the system does it in a few threads that all
 * calls of a process share, and a name server that does not answer holds one for many seconds.
 * @module
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';

/** Names that are looked up for one account at the same time; `bin/hookline.js` provides for sixteen accounts that use up theirs. */
const AT_ONCE = 2;

/** What one account has looked up now. */
interface Lookups {
  running: number;
  waiting: (() => void)[];
  /** By name: who asks for a name that is being looked up gets the same answer. */
  asked: Map<string, Promise<LookupAddress[]>>;
}

const accounts = new Map<number, Lookups>();

/**
 * The addresses of a host, in the order of the system. One account has two lookups at a time, and its further ones wait.
 * @throws the error of the system when the host has none.
 */
export function addressesOf(account: number, host: string): Promise<LookupAddress[]> {
  const lookups: Lookups = accounts.get(account) ?? { running: 0, waiting: [], asked: new Map() };
  accounts.set(account, lookups);
  const asked: Promise<LookupAddress[]> = lookups.asked.get(host) ?? inTurn(lookups, host);
  lookups.asked.set(host, asked);
  const done = () => {
    lookups.asked.delete(host);
    if (lookups.asked.size === 0) accounts.delete(account);
  };
  asked.then(done, done);
  return asked;
}

async function inTurn(lookups: Lookups, host: string): Promise<LookupAddress[]> {
  if (lookups.running >= AT_ONCE) await new Promise<void>((turn) => lookups.waiting.push(turn));
  else lookups.running += 1;
  try {
    return await new Promise<LookupAddress[]>((resolve, reject) => {
      systemLookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
    });
  } finally {
    const next = lookups.waiting.shift();
    // The next one takes the place over.
    if (next) next();
    else lookups.running -= 1;
  }
}
