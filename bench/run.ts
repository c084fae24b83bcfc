import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { engineDir } from '../scripts/pipeline/engine.ts';
import { benchBuild, benchCheck } from './build.ts';
import { benchEndpoint } from './endpoint.ts';
import { benchFanOut, benchKilledServer } from './fan-out.ts';
import { benchFold } from './fold.ts';
import { benchFrontPage } from './front-page.ts';
import { benchHostile, benchThroughput } from './markdown.ts';
import { benchProbes } from './probes.ts';
import { benchPublish } from './publish.ts';
import { benchFlip } from './publish-flip.ts';
import { benchCheckBase, benchPullRequest } from './pull-request.ts';
import { benchStartup } from './startup.ts';
import { benchStateBranch } from './state-branch.ts';
import { benchSubscribers } from './subscribers.ts';

/**
 * `npm run bench` prints every measure; `-- --quick` takes a tenth of the incidents and one round, `-- --long` a million
 * requests to see whether the endpoint's memory stays flat. Ratios are of the
 * same round on the same machine; absolute times mean little on a machine that is busy with something else.
 */
const quick = process.argv.includes('--quick');
const folder = join(engineDir, 'node_modules', '.cache', `candor-bench-${process.pid}`);
const floodRequests = process.argv.includes('--long') ? 1_000_000 : 50_000;
const rounds = quick ? 1 : 3;

mkdirSync(folder, { recursive: true });
try {
  print(
    `Node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}, median of ${rounds}.\n`,
  );
  print(await benchStartup(folder, rounds));
  print(await benchFrontPage(folder));
  print(benchThroughput(folder));
  print(benchHostile(quick ? 200_000 : 1_000_000));
  print(benchFold(rounds));
  print(await benchProbes(folder, rounds));
  print(await benchStateBranch(folder, 20, quick ? 100 : 1000));
  print(await benchSubscribers(folder, quick ? [1000, 10_000] : [1000, 10_000, 100_000], quick ? 2000 : 20_000));
  print(await benchEndpoint(folder, { requests: quick ? 500 : 3000, rounds, many: quick ? 5000 : floodRequests }));
  print(await benchCheck(folder, quick ? 1000 : 10_000, rounds));
  print(await benchCheckBase(folder, quick ? 1000 : 10_000, rounds));
  print(await benchPullRequest(folder, quick ? 100 : 1000, rounds));
  print(await benchPublish(folder, quick ? [100, 1000] : [100, 1000, 10_000], rounds));
  print(await benchFlip(folder, rounds));
  print(await benchFanOut(folder, quick ? 5000 : 100_000, rounds));
  print(await benchKilledServer(quick ? 500 : 5000));
  print(await benchBuild(folder, quick ? [1000] : [1000, 10_000], rounds));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
