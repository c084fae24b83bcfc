import { type Command, InvalidArgumentError } from 'commander';

/** Where a server listens, as `--host` and `--port` say it. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
}

/** Give `command` the options `--host` and `--port`. */
export function addListenOptions(command: Command): Command {
  return command
    .option('--host <host>', 'address to listen on; 0.0.0.0 is every address of this machine', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 takes any free one', parsePort, 4321);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}
