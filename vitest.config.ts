import { configDefaults, defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.js';

/** Tests that wait: for processes, servers, clocks of the real world. They use little of the processor. */
const waitingTests = [
  'test/api/{client,deliveries}.test.ts',
  'test/bridge-kit/*.test.ts',
  'test/contract/{B-http,E-deliveries,email,foreign-calls,servers,webhook-waiting}.test.ts',
  'test/docs/{api-session,bridge-http,tutorial}.test.ts',
  'test/durability/**/*.test.ts',
  'test/e2e/*.test.ts',
  'test/operations/*.test.ts',
  'test/recorded/*.test.ts',
  'test/security/{codec,names,required,sensitive,store,wired}.test.ts',
  'test/tls/*.test.ts',
];

/** Tests of calls on a time-skipping server. */
const callTests = ['test/contract/*-calls.test.ts', 'test/durability/{long-call,random-flows}.test.ts'];

/**
 * What passes in real time passes otherwise on a machine that stands still for a tenth of a second: a hold tune begins, a key of a
 * telephone is lost. And the time-skipping server keeps a workflow task that cancels an activity whose result has just come
 * (docs/check.md). A test of such a project is tried once more, and `npm test` names it.
 */
const onceMore = { retry: 1 };

/** Tests of hundreds of calls or requests at once: they run after the others, with the machine to themselves. */
const heavyTests = ['test/api/schemathesis.test.ts', 'test/durability/{graceful-stop,outbound-500}.test.ts'];

/** Tests that put something in place of a module or of the process: each in a process of its own. */
const mockingTests = [
  'src/cli/output.test.ts',
  'test/contract/webhook-target.test.ts',
  'test/e2e/{test-command,test-command-widgets}.test.ts',
  'test/recorded/replay.test.ts',
];

/** Tests with a real Asterisk and real phones, where there can be one. */
const phoneTests = ['test/phone/**/*.test.ts'];

const { exclude } = configDefaults;

/**
 * What each project is for stands in docs/check.md. Projects of one number in `groupOrder` share their workers; `npm test` runs the
 * lanes `work` and `wait` side by side.
 */
export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/own-file.ts'],
    pool: 'forks',
    sequence: { sequencer: LongFirst },
    // Commands that run in the process of a test run as they were built.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 60_000,
    // gRPC throws this from a timer when the SDK repeats a request on a channel that a test has closed; nothing can catch it.
    onUnhandledError: ({ message }) => message !== 'Channel has been shut down',
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'work',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...exclude, ...waitingTests, ...heavyTests, ...mockingTests, ...callTests, ...phoneTests],
          // Files of a worker share what they import: an import costs more than most tests.
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          ...onceMore,
          name: 'calls',
          include: callTests,
          exclude: [...exclude, 'test/contract/{F-calls,foreign-calls}.test.ts'],
          isolate: false,
          maxWorkers: 2,
        },
      },
      { extends: true, test: { ...onceMore, name: 'mocks', include: mockingTests, maxWorkers: 2 } },
      {
        extends: true,
        test: {
          ...onceMore,
          name: 'PostgreSQL',
          include: ['test/contract/F-calls.test.ts'],
          env: { HOOKLINE_TEST_DATABASE: 'PostgreSQL' },
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          ...onceMore,
          name: 'wait',
          include: waitingTests,
          exclude: [...exclude, ...heavyTests, ...mockingTests, 'test/durability/{long-call,random-flows}.test.ts'],
          isolate: false,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...onceMore,
          name: 'phone',
          include: phoneTests,
          globalSetup: ['test/phone/global-setup.ts'],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { ...onceMore, name: 'heavy', include: heavyTests, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
