/**
 * What the calls of a test file share, there from before its first test until after its last.
 * @module
 */
import { afterAll, beforeAll } from 'vitest';
import type { Sealer } from '../../src/store/sealer.js';
import { openStore, type Store } from '../../src/store/store.js';
import { testDatabase } from './databases.js';
import { type Rig, type RigOptions, timeSkippingRig } from './rig.js';
import { Target } from './target.js';

/** A rig, and a target that its calls reach. */
export interface RigAndTarget {
  rig: Rig;
  target: Target;
}

/** A store on a database of its own, and a target. */
export interface StoreAndTarget {
  store: Store;
  target: Target;
}

/** Starts a rig and a target for the tests of a file. @param take keeps them */
export function useRig(take: (started: RigAndTarget) => void, options: RigOptions = {}): void {
  let started: RigAndTarget | undefined;
  beforeAll(async () => {
    const [rig, target] = await Promise.all([timeSkippingRig(options), Target.start()]);
    take((started = { rig, target }));
  });
  afterAll(async () => {
    await started?.rig.close();
    await started?.target.stop();
  });
}

/** Opens a store and starts a target for the tests of a file; a rig that uses the store is to end before them. @param take keeps them */
export function useStore(take: (started: StoreAndTarget) => void, sealer?: Sealer): void {
  let stop: (() => Promise<unknown>) | undefined;
  beforeAll(async () => {
    const [database, target] = await Promise.all([testDatabase(), Target.start()]);
    const store = await openStore(database.url, sealer);
    stop = async () => {
      await store.close();
      await Promise.all([database.stop(), target.stop()]);
    };
    take({ store, target });
  });
  afterAll(() => stop?.());
}
