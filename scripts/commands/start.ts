import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { hardenedServer } from '../../lib/adapters/endpoint/hardened-server.ts';
import { baseOf } from '../../lib/adapters/site-compiler.ts';
import { listen } from '../../lib/adapters/static-server.ts';
import { exists } from '../../lib/adapters/tree.ts';
import { watchContent } from '../../lib/adapters/watch.ts';
import type { StatusConfig } from '../../lib/schema/config.ts';
import { buildRequestOf } from '../cli/build-request.ts';
import { coalesced } from '../cli/coalesced.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { environmentSettings } from '../cli/environment-settings.ts';
import { UsageError } from '../cli/errors.ts';
import { parseInterval } from '../cli/interval.ts';
import { addListenOptions, type ListenOptions } from '../cli/listen-options.ts';
import { liveClock } from '../cli/live-clock.ts';
import { liveEndpoint } from '../cli/live-endpoint.ts';
import { livePage } from '../cli/live-page.ts';
import { startProbing } from '../cli/live-probes.ts';
import { liveReporter } from '../cli/live-report.ts';
import { localState } from '../cli/local-state.ts';
import { stopSignal } from '../cli/stop-signal.ts';
import { buildSite } from '../pipeline/build-site.ts';

const quietMs = 50;

/** `candor start`: the page on this machine and its endpoint, rebuilt whenever its content changes. */
export function command(): Command {
  const start = new Command('start').description(
    'Check the content, ask the probes, build the page and serve it; all of it again whenever something changes.\n' +
      'Content with an error is not shown: the last good page stays, and the terminal says what is wrong.\n' +
      'Subscriptions are taken too. Without SMTP_URL their mails are written to files, and the terminal says where.',
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
  const settings = environmentSettings(context);
  const stopped = stopSignal();
  const folder = await pageFolder(context);
  const clock = liveClock(context, () => builds.request(report.clockTick));
  const page = livePage(folder, async (out) => {
    const request = { ...(await buildRequestOf(context, out)), endpointOf: (config: StatusConfig) => own.of(config) };
    const result = await buildSite(request);
    clock.built(result, request.now);
    return result;
  });
  const endpoint = liveEndpoint(context, {
    settings,
    site: page.current,
    snapshot: undefined,
    // Here the page is on this machine, whatever its public address.
    adjust: (facts) => (own.is(facts.endpoint_url) ? { ...facts, url: own.below(facts.url) } : facts),
    notesRequests: false,
    say: (line) => process.stdout.write(`${line}\n`),
    failed: (error) => report.failure(error),
  });
  const server = await listen(hardenedServer(endpoint.listener), options);
  const own = ownAddress(server.origin);
  const report = liveReporter(context, { origin: server.origin, base: () => page.current()?.base ?? '/' });
  const rebuild = async () => {
    const rebuilt = await page.rebuild();
    if (rebuilt.built) await endpoint.pageChanged();
    return rebuilt;
  };
  const builds = coalesced((reasons) => report.build(reasons, rebuild), quietMs);
  const watch = await watchContent(context.root, { changed: builds.request, failed: report.failure });
  builds.request(report.firstTime);
  endpoint.begin();
  const probing = await startProbing(context, {
    everySeconds: options.every,
    isWanted: options.probes,
    ran: () => builds.request(report.clockTick),
    failed: report.failure,
  });
  await stopped;
  clock.stop();
  await Promise.all([watch.close(), server.close(), probing.stop()]);
  await endpoint.close();
  process.exit();
}

/** The address of this server, as the endpoint of a page that names none or is a demonstration. */
function ownAddress(origin: string) {
  const local = origin.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  const below = (url: string) => local + baseOf(url);
  return {
    below,
    of: ({ url, endpoint_url: named, demo }: StatusConfig) =>
      named === undefined || demo !== undefined ? below(url) : named,
    is: (url: string | undefined) => url?.startsWith(`${local}/`) === true,
  };
}

/** Where the page is kept on this machine: a folder that is new or that an earlier start made; git leaves it alone. */
async function pageFolder(context: Context): Promise<string> {
  const folder = join(localState(context), 'page');
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
