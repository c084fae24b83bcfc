import { join } from 'node:path';
import { replayAsPulls } from '../lib/testing/pull-replay.ts';
import { table } from './measure.ts';

/**
 * Real incidents replayed as pull requests, step by step to the page and the mails; it throws where anything is not as it must be.
 * The history lies beside the corpora that `CANDOR_CORPORA` names. Returns what to print.
 */
export async function benchReplay(incidents: number): Promise<string> {
  const corpora = process.env['CANDOR_CORPORA'];
  if (corpora === undefined) return 'A real history as pull requests: left out, CANDOR_CORPORA is not set.\n';
  const began = performance.now();
  const { pulls, mails, files } = await replayAsPulls({
    folder: join(corpora, '..', 'real', 'github-status'),
    incidents,
  });
  const seconds = (performance.now() - began) / 1000;
  return table([
    ['a real history as pull requests', 'incidents', 'pulls', 'mails', 'files at the end', 's a pull'],
    ['the page is that of the end', `${incidents}`, `${pulls}`, `${mails}`, `${files}`, (seconds / pulls).toFixed(2)],
  ]);
}
