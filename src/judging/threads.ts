/**
 * Threads that carry work out, each piece within a limit of time and of memory: over it, the thread is ended wherever it
 * stands, and another one takes its place. Contract R3.
 * @module
 */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Tinypool } from 'tinypool';
import type { Work } from './judge.js';
import { LIMIT_MIB, limitOf } from './verdicts.js';
import type { Timed } from './thread.js';
import type { Done } from './work.js';

/** Milliseconds until a thread has begun; one that has not never will. */
const BEGIN_MS = 30_000;
/** Milliseconds after which a thread that is not needed ends; one stays. */
const IDLE_MS = 60_000;

/** The processors but one, which is left to the main thread; at least one. */
export const THREADS = Math.max(1, availableParallelism() - 1);

const isSource = import.meta.url.endsWith('.ts');
const filename = fileURLToPath(new URL(`thread.${isSource ? 'ts' : 'js'}`, import.meta.url));

/** What became of a piece of work, and the milliseconds of a thread that it took. */
export interface Ended {
  ms: number;
  /** Absent: the thread was ended for its time, or died for its memory. */
  done?: Done;
  over?: 'time' | 'memory';
}

/** A pool of {@link THREADS}. The first one starts with the first piece of work, and none keeps its process alive. */
export class Threads {
  #pool: Tinypool | undefined;

  /**
   * Carries a piece of work out, at once when fewer than {@link THREADS} pieces are under way.
   * @throws what only a bug of ours throws.
   */
  async run(work: Work): Promise<Ended> {
    const times = new BigInt64Array(new SharedArrayBuffer(16));
    const limit = new AbortController();
    const most = limitOf(work);
    const stop = atLimit(times, most, () => limit.abort());
    try {
      const timed: Timed = { work, times };
      const done = (await this.#started().run(timed, { signal: limit.signal })) as Done;
      return { ms: spent(times), done };
    } catch (error) {
      if (limit.signal.aborted) return { ms: most, over: 'time' };
      if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY')
        return { ms: spent(times), over: 'memory' };
      throw error;
    } finally {
      stop();
    }
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = undefined;
  }

  /** Starts the first thread, so that no answer waits for it. Default: it starts with the first piece of work. */
  start(): void {
    this.#started();
  }

  #started(): Tinypool {
    if (this.#pool) return this.#pool;
    const pool = new Tinypool({
      ...{ filename, minThreads: 1, maxThreads: THREADS, idleTimeout: IDLE_MS },
      resourceLimits: { maxOldGenerationSizeMb: LIMIT_MIB, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
      // Of this process a thread gets what the work needs, and that is nothing: no secret in it, no flag.
      ...{ env: {}, execArgv: isSource ? readingSources() : [] },
    });
    // A thread that cannot start, or dies with nothing to do: the next piece of work finds new ones.
    pool.on('error', () => {
      if (this.#pool === pool) this.#pool = undefined;
      void pool.destroy();
    });
    return (this.#pool = pool);
  }
}

/** What lets a thread import the sources as they are; `--import tsx` does so in main threads only. */
function readingSources(): string[] {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href.replace(/\.cjs$/, '.mjs');
  return ['--import', `data:text/javascript,${encodeURIComponent(`import { register } from '${tsx}'; register();`)}`];
}

/** Calls `end` when the work has begun `most` milliseconds ago and is not done. A main thread that is late ends nothing that is done. */
function atLimit(times: BigInt64Array, most: number, end: () => void): () => void {
  const asked = performance.now();
  const look = () => {
    if (Atomics.load(times, 1) !== 0n) return;
    const began = Atomics.load(times, 0) !== 0n;
    const left = began ? most - spent(times) : BEGIN_MS - (performance.now() - asked);
    if (left <= 0) end();
    else timer = setTimeout(look, began ? Math.ceil(left) : Math.min(most, Math.ceil(left)));
  };
  let timer = setTimeout(look, most);
  return () => clearTimeout(timer);
}

/** Milliseconds from its beginning to its end, or to now. */
function spent(times: BigInt64Array): number {
  const began = Atomics.load(times, 0);
  const ended = Atomics.load(times, 1) || process.hrtime.bigint();
  return began === 0n ? 0 : Number(ended - began) / 1e6;
}
