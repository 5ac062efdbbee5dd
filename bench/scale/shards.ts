/**
 * A simulation of Temporal's history shards. A call belongs to one shard, and a shard writes one thing at a time
 * (`history.shardIOConcurrency`, 1 by default).
 * @module
 */

/** What the calls bring. */
export interface ShardLoad {
  /** Calls that begin in a second, at random moments. */
  perSecond: number;
  /** Writes of a call, spread over its time at random. */
  writesPerCall: number;
  /** Milliseconds for which a write keeps its shard. */
  writeMs: number;
  /** Seconds that a call lasts. */
  callSeconds: number;
}

/** Writes that are looked at. */
const LOOKED_AT = 100_000;

/** The wait for a shard in milliseconds that 99 of 100 writes stay below; Infinity when the shards cannot keep up. */
export function waitForShard(shards: number, load: ShardLoad): number {
  const { perSecond, writesPerCall, writeMs, callSeconds } = load;
  if ((perSecond * writesPerCall * writeMs) / 1000 / shards >= 0.9) return Infinity;
  const seconds = LOOKED_AT / (perSecond * writesPerCall);
  const random = seeded(1);
  const writes: { at: number; shard: number }[] = [];
  // Calls that began before are under way when the looking begins.
  for (let at = -callSeconds; at < seconds; at -= Math.log(1 - random()) / perSecond) {
    const shard = Math.floor(random() * shards);
    for (let n = 0; n < writesPerCall; n++) {
      const then = at + random() * callSeconds;
      if (then >= 0 && then < seconds) writes.push({ at: then * 1000, shard });
    }
  }
  writes.sort((a, b) => a.at - b.at);
  const free = new Float64Array(shards);
  const waits = writes.map(({ at, shard }) => {
    const start = Math.max(at, free[shard] ?? 0);
    free[shard] = start + writeMs;
    return start - at;
  });
  waits.sort((a, b) => a - b);
  return waits[Math.floor(waits.length * 0.99)] ?? 0;
}

/** The smallest power of two that keeps 99 of 100 writes from waiting longer than `waitMs`. */
export function shardsFor(load: ShardLoad, waitMs: number): { shards: number; waitMs: number } {
  for (let shards = 1; ; shards *= 2) {
    const wait = waitForShard(shards, load);
    if (wait <= waitMs) return { shards, waitMs: wait };
  }
}

/** The same numbers each time: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
