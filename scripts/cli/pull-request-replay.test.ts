import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replayAsPulls } from '../../lib/testing/pull-replay.ts';

const corpora = process.env['CANDOR_CORPORA'];

test.skipIf(corpora === undefined)(
  'a real history, replayed as pull requests, ends in the page of its end (CANDOR_CORPORA)',
  async () => {
    const folder = join(corpora ?? '.', '../real/github-status');
    expect((await replayAsPulls({ folder, incidents: 1 })).pulls).toBeGreaterThanOrEqual(4);
  },
  300_000,
);
