/**
 * Files of one worker share its process: what a file sets in the environment ends with the file.
 * @module
 */
import { afterAll, beforeEach, vi } from 'vitest';
import { openRigs } from './open-rigs.js';

const before = { ...process.env };

afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

// A test that is tried once more would fail again on a server whose time stands still.
beforeEach(async ({ task }) => {
  if ((task.result?.retryCount ?? 0) > 0) await Promise.all([...openRigs].map((rig) => rig.replaceUnlessWell()));
});
