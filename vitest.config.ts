import { configDefaults, defineConfig } from 'vitest/config';

/** Tests of the workflow on a server: they run a second time without a cache, so that each task replays the call. */
const workflowTests = ['test/contract/*-calls.test.ts'];

/** Tests of what uses the store: they run a second time on PostgreSQL. */
const storeTests = ['test/api/accounts.test.ts', 'test/api/calls.test.ts', 'test/contract/F-calls.test.ts'];

/** Tests of hundreds of calls or requests at once: they run after the others, with the machine to themselves. */
const heavyTests = [
  'test/api/schemathesis.test.ts',
  'test/durability/outbound-500.test.ts',
  'test/durability/graceful-stop.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Time leaps on the time-skipping server whenever nothing is under way, and a loaded machine can put a leap where none
    // is meant. A promise that is broken fails every time.
    retry: 2,
    // Three at a time: many files wait more than they work, and on a small machine more of them starve the heartbeats that
    // some promises are timed by.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'suite',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...heavyTests],
        },
      },
      {
        extends: true,
        test: { name: 'PostgreSQL', include: storeTests, env: { HOOKLINE_TEST_DATABASE: 'PostgreSQL' } },
      },
      { extends: true, test: { name: 'without cache', include: workflowTests, env: { HOOKLINE_TEST_NO_CACHE: '1' } } },
      {
        extends: true,
        test: { name: 'heavy', include: heavyTests, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
