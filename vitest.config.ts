import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Rooms of functions that keep nothing: the files of their tests can share a process. */
const rules = 'lib/{schema,policy,content,snapshot,subscriptions}/**';

/** The tests that take longest begin first, or one worker would be left with them at the end. */
const longest = [
  'scripts/pipeline/probe-killed.test.ts',
  'lib/adapters/state/git-state.test.ts',
  'site/pages.test.ts',
  'lib/adapters/state/sync-state.test.ts',
  'scripts/commands/start.test.ts',
];

/** As vitest would do it, which knows how long a test took only where it ran before. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => longest.findIndex((path) => moduleId.endsWith(path));
    const [known, others] = [files.filter((file) => rank(file) >= 0), files.filter((file) => rank(file) < 0)];
    return [...known.sort((one, other) => rank(one) - rank(other)), ...(await super.sort(others))];
  }
}

export default defineConfig({
  test: {
    environment: 'node',
    // Most of the time tests wait for processes, servers and disks; by default there is one worker on two cores.
    maxWorkers: 2,
    // Those that say that they may run side by side wait for deadlines.
    maxConcurrency: 12,
    // For a test that hangs. Several that start processes take long where the machine has other work.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    restoreMocks: true,
    setupFiles: ['lib/testing/property-seed.ts'],
    // Processes that tests start keep what Node compiled where `candor` does: half of what a short one takes.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    sequence: { sequencer: LongestFirst },
    // Projects run in the order of their names.
    projects: [
      {
        extends: true,
        test: {
          name: 'doors',
          include: ['{lib,site,scripts,bench}/**/*.test.ts'],
          exclude: ['node_modules/**', rules],
        },
      },
      { extends: true, test: { name: 'rules', include: [`${rules}/*.test.ts`], isolate: false } },
    ],
  },
});
