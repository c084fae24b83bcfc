import { type Command, Option } from 'commander';

const ours = new WeakSet<Option>();

/** The names of the options that every command has. */
export type CommonOption = 'root' | 'state' | 'now' | 'format' | 'debug';

/** Give `command` and all below it the common options, but none whose name it uses itself. */
export function addCommonOptions(command: Command): void {
  const taken = new Set(command.options.map((option) => option.attributeName()));
  for (const option of commonOptions()) {
    if (taken.has(option.attributeName())) continue;
    ours.add(option);
    command.addOption(option.helpGroup('Options of every command:'));
  }
  for (const child of command.commands) addCommonOptions(child);
}

/** What a common option was given as, after the command or before it; the nearest counts. */
export function commonOption(command: Command, name: CommonOption): unknown {
  for (let at: Command | null = command; at !== null; at = at.parent) {
    const isCommon = at.options.some((option) => option.attributeName() === name && ours.has(option));
    const value = isCommon ? at.getOptionValue(name) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

function commonOptions(): Option[] {
  return [
    new Option('--root <dir>', 'folder of the content (default: here)'),
    new Option('--state <dir>', 'where measurements are kept (default: .state in the root)'),
    new Option('--now <instant>', 'judge as of that instant, e.g. 2026-11-20T10:05:00Z (default: the clock)'),
    new Option('--format <format>', 'how results are printed (default: "text")').choices(['text', 'json', 'github']),
    new Option('--debug', 'show a stack trace with an error'),
  ];
}
