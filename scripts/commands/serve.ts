import { Command } from 'commander';
import { listen, openSite, siteHandler } from '../../lib/adapters/static-server.ts';
import { addListenOptions, type ListenOptions } from '../cli/listen-options.ts';
import { stopSignal } from '../cli/stop-signal.ts';

/** `candor serve`: a built folder over HTTP, the way the public gets it. */
export function command(): Command {
  const serve = new Command('serve')
    .description('Serve a folder that `candor build` made, until you press Ctrl-C.')
    .requiredOption('--from <dir>', 'the built folder')
    .addHelpText(
      'after',
      `
Examples:
  candor serve --from dist
  candor serve --from dist --host 0.0.0.0 --port 8080`,
    );
  return addListenOptions(serve).action(async (options: ListenOptions & { from: string }) => {
    const site = await openSite(options.from);
    const stopped = stopSignal();
    const server = await listen(
      siteHandler(() => site),
      options,
    );
    process.stdout.write(`${options.from} is at ${server.origin}${site.base}\nStop with Ctrl-C.\n`);
    await stopped;
    await server.close();
  });
}
