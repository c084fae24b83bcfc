import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{lib,site,scripts,bench}/**/*.test.ts'],
    environment: 'node',
    // Most of the time tests wait for processes, servers and disks; by default there is one worker on two cores.
    maxWorkers: 2,
    // For a test that hangs. Several that start processes take long where the machine has other work.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    restoreMocks: true,
  },
});
