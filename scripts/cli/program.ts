import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { type CommandEntry, commands } from './commands.ts';
import { addCommonOptions } from './common-options.ts';

const examples = `
Examples:
  candor start                      look at the page of this folder
  candor incident new               write an incident, step by step
  candor check --base origin/main   what a reviewer should know before a merge
  candor build --out dist           make the page for a bucket

Exit codes: 0 fine, 1 problems found, 2 used wrongly, 3 the world refused.`;

/**
 * The program, with the modules loaded of those commands alone that `args` names;
 * the others are there with their name and summary, so that small commands start fast.
 */
export function programFor(args: readonly string[]): Promise<Command> {
  return programWith((name) => args.includes(name));
}

/** The program with every command loaded. */
export function fullProgram(): Promise<Command> {
  return programWith(() => true);
}

async function programWith(wanted: (name: string) => boolean): Promise<Command> {
  const program = bareProgram();
  addCommonOptions(program);
  for (const [name, entry] of Object.entries(commands)) {
    const command = wanted(name) ? (await entry.load()).command() : new Command(name);
    inherit(program, listed(command, entry));
    addCommonOptions(command);
    program.addCommand(command);
  }
  return program;
}

function listed(command: Command, entry: CommandEntry): Command {
  return command.summary(entry.summary).helpGroup(entry.group);
}

function inherit(parent: Command, command: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(command, child);
}

function bareProgram(): Command {
  return new Command('candor')
    .description('A status page that a team runs by pull request.')
    .usage('[options] COMMAND')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpCommand(new Command('help').argument('[command]').summary('show help for a command').helpGroup('Help:'))
    .addHelpText('after', examples)
    .configureHelp({
      subcommandTerm: (command) => (command.name() === 'help' ? 'help [command]' : command.name()),
    })
    .configureOutput({
      outputError: (text, print) => print(text.replace(/\n\(Did you mean (.+)\?\)/, '\n  Did you mean $1?')),
    })
    .enablePositionalOptions()
    .exitOverride();
}

function version(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
