import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { isBucket } from '../../lib/adapters/state/open-state.ts';
import { listen, siteHandler } from '../../lib/adapters/static-server.ts';
import { exists } from '../../lib/adapters/tree.ts';
import { watchContent } from '../../lib/adapters/watch.ts';
import { buildRequestOf } from '../cli/build-request.ts';
import { coalesced } from '../cli/coalesced.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { UsageError } from '../cli/errors.ts';
import { parseInterval } from '../cli/interval.ts';
import { addListenOptions, type ListenOptions } from '../cli/listen-options.ts';
import { liveClock } from '../cli/live-clock.ts';
import { livePage } from '../cli/live-page.ts';
import { startProbing } from '../cli/live-probes.ts';
import { liveReporter } from '../cli/live-report.ts';
import { stopSignal } from '../cli/stop-signal.ts';
import { buildSite } from '../pipeline/build-site.ts';

const quietMs = 50;

/** `candor start`: the page on this machine, rebuilt whenever its content changes. */
export function command(): Command {
  const start = new Command('start').description(
    'Check the content, ask the probes, build the page and serve it; all of it again whenever something changes.\n' +
      'Content with an error is not shown: the last good page stays, and the terminal says what is wrong.',
  );
  return addListenOptions(start)
    .option(
      '--every <time>',
      'how often probes are asked, such as 30s or 5m (default: as the settings say)',
      parseInterval,
    )
    .option('--no-probes', 'ask no probes; the page shows what is in the state')
    .addHelpText('after', examples)
    .action(async (options: StartOptions) => {
      await serveLive(contextOf(start), options);
    });
}

const examples = `
Examples:
  candor start
  candor start --root ../our-status --port 8080
  candor start --every 1m

With --now the page is a rehearsal of that instant, and no probe is asked.`;

interface StartOptions extends ListenOptions {
  readonly every?: number;
  readonly probes: boolean;
}

async function serveLive(context: Context, options: StartOptions): Promise<void> {
  const stopped = stopSignal();
  const folder = await pageFolder(context);
  const clock = liveClock(context, () => builds.request(report.clockTick));
  const page = livePage(folder, async (out) => {
    const request = await buildRequestOf(context, out);
    const result = await buildSite(request);
    clock.built(result, request.now);
    return result;
  });
  const server = await listen(siteHandler(page.current), options);
  const report = liveReporter(context, { origin: server.origin, base: () => page.current()?.base ?? '/' });
  const builds = coalesced((reasons) => report.build(reasons, page.rebuild), quietMs);
  const watch = await watchContent(context.root, { changed: builds.request, failed: report.failure });
  builds.request(report.firstTime);
  const probing = await startProbing(context, {
    everySeconds: options.every,
    isWanted: options.probes,
    ran: () => builds.request(report.clockTick),
    failed: report.failure,
  });
  await stopped;
  clock.stop();
  await Promise.all([watch.close(), server.close(), probing.stop()]);
  process.exit();
}

/** Where the page is kept on this machine: a folder that is new or that an earlier start made; git leaves it alone. */
async function pageFolder(context: Context): Promise<string> {
  const state = isBucket(context.state) ? join(context.root, '.state') : context.state;
  const folder = join(state, 'page');
  const mark = join(folder, '.gitignore');
  const isOurs = (await exists(mark)) && (await readFile(mark, 'utf8')) === markText;
  if (!isOurs && (await exists(folder)) && (await readdir(folder)).length > 0) {
    throw new UsageError(`${folder} holds other files.`, 'Empty it, or name another folder with --state.');
  }
  await mkdir(folder, { recursive: true });
  await writeFile(mark, markText);
  return folder;
}

const markText = '# candor start writes the page here\n*\n';
