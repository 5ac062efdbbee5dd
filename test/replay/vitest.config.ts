import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/replay/record.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 120_000,
  },
});
