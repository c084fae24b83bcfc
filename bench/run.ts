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
import { benchReplay } from './replay.ts';
import { benchStartup } from './startup.ts';
import { benchStateBranch } from './state-branch.ts';
import { benchSubscribers } from './subscribers.ts';

/**
 * `npm run bench` prints every measure; `-- --quick` takes a tenth of the incidents and one round, `-- --long` a million
 * requests to see whether the endpoint's memory stays flat, `-- --only endpoint,fan-out` these measures alone. Ratios are of
 * the same round on the same machine; absolute times mean little on a machine that is busy with something else.
 */
const quick = process.argv.includes('--quick');
const only = process.argv.flatMap((word, at) => (process.argv[at - 1] === '--only' ? word.split(',') : []));
const folder = join(engineDir, 'node_modules', '.cache', `candor-bench-${process.pid}`);
const floodRequests = process.argv.includes('--long') ? 1_000_000 : 50_000;
const rounds = quick ? 1 : 3;

const measures: Readonly<Record<string, () => string | Promise<string>>> = {
  startup: () => benchStartup(folder, rounds),
  'front-page': () => benchFrontPage(folder),
  markdown: () => benchThroughput(folder),
  hostile: () => benchHostile(quick ? 200_000 : 1_000_000),
  fold: () => benchFold(rounds),
  probes: () => benchProbes(folder, rounds),
  'state-branch': () => benchStateBranch(folder, 20, quick ? 100 : 1000),
  subscribers: () => benchSubscribers(folder, quick ? [1000, 10_000] : [1000, 10_000, 100_000], quick ? 2000 : 20_000),
  endpoint: () => benchEndpoint(folder, { requests: quick ? 500 : 3000, rounds, many: quick ? 5000 : floodRequests }),
  check: () => benchCheck(folder, quick ? 1000 : 10_000, rounds),
  'check-base': () => benchCheckBase(folder, quick ? 1000 : 10_000, rounds),
  'pull-request': () => benchPullRequest(folder, quick ? 100 : 1000, rounds),
  replay: () => benchReplay(quick ? 2 : 20),
  publish: () => benchPublish(folder, quick ? [100, 1000] : [100, 1000, 10_000], rounds),
  flip: () => benchFlip(folder, rounds),
  'fan-out': () => benchFanOut(folder, quick ? 5000 : 100_000, rounds),
  'killed-server': () => benchKilledServer(quick ? 500 : 5000),
  build: () => benchBuild(folder, quick ? [1000] : [1000, 10_000], rounds),
};

const unknown = only.filter((name) => measures[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`There is no measure ${unknown.join(', ')}. There are: ${Object.keys(measures).join(', ')}.\n`);
  process.exit(2);
}

mkdirSync(folder, { recursive: true });
try {
  print(
    `Node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}, median of ${rounds}.\n`,
  );
  for (const [name, measure] of Object.entries(measures)) {
    if (only.length === 0 || only.includes(name)) print(await measure());
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
