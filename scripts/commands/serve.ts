import { Command } from 'commander';
import { hardenedServer } from '../../lib/adapters/endpoint/hardened-server.ts';
import { listen, openSite } from '../../lib/adapters/static-server.ts';
import type { PublicPage } from '../../lib/schema/snapshot.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { environmentSettings } from '../cli/environment-settings.ts';
import { addListenOptions, type ListenOptions } from '../cli/listen-options.ts';
import { liveEndpoint } from '../cli/live-endpoint.ts';
import { pageSettings } from '../cli/page-settings.ts';
import { reportError } from '../cli/report-error.ts';
import { stopSignal } from '../cli/stop-signal.ts';

/** `candor serve`: a built folder over HTTP, the way the public gets it, and the endpoint that takes subscriptions to it. */
export function command(): Command {
  const serve = new Command('serve')
    .description(
      'Serve a folder that `candor build` made, and the endpoint that takes subscriptions to it and sends the mail,\n' +
        'until you press Ctrl-C. The page is served at once, and also where the endpoint cannot work.',
    )
    .requiredOption('--from <dir>', 'the built folder')
    .option(
      '--snapshot <where>',
      'whose updates are mailed: the address of the published page, or a folder (default: the built folder)',
    )
    .addHelpText(
      'after',
      `
Examples:
  candor serve --from dist
  candor serve --from dist --host 0.0.0.0 --port 8080
  candor serve --from dist --snapshot https://status.example.com

The environment has the settings: SMTP_URL, MAIL_FROM, DATABASE_URL, REDIS_URL, CANDOR_DATA_KEY, CANDOR_TRUST_PROXY,
GITHUB_REPOSITORY, GITHUB_API_URL. docs/deploy.md explains them.`,
    );
  return addListenOptions(serve).action(async (options: ServeOptions) => {
    await serveFolder(contextOf(serve), options);
  });
}

interface ServeOptions extends ListenOptions {
  readonly from: string;
  readonly snapshot?: string;
}

async function serveFolder(context: Context, options: ServeOptions): Promise<void> {
  const settings = environmentSettings(context);
  const site = await openSite(options.from);
  const stopped = stopSignal();
  const endpoint = liveEndpoint(context, {
    settings,
    site: () => site,
    snapshot: options.snapshot,
    adjust: (page) => withOwnSettings(context, page),
    notesRequests: true,
    say: (line) => process.stdout.write(`${line}\n`),
    failed: (error) => process.stderr.write(reportError(error, { debug: context.debug, colour: false })),
  });
  const server = await listen(hardenedServer(endpoint.listener), options);
  process.stdout.write(`${options.from} is at ${server.origin}${site.base}\nStop with Ctrl-C.\n`);
  endpoint.begin();
  await stopped;
  await server.close();
  await endpoint.close();
  // The last lines of the log are still on their way.
  process.stdout.write('', () => process.exit());
}

/** The settings of the root may be newer than the folder, but only where they are of the same page. */
function withOwnSettings(context: Context, page: PublicPage): PublicPage {
  const config = pageSettings(context);
  if (config === undefined || config.url !== page.url) return page;
  return { ...page, endpoint_url: config.endpoint_url };
}
