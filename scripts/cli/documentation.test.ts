import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { repository } from '../../lib/testing/command-line.ts';
import { fullProgram } from './program.ts';

/** The sections of the documentation by their headings. */
const sections = new Map(
  readFileSync(join(repository, 'docs', 'cli.md'), 'utf8')
    .split(/^#{2,3} /m)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);

const common = ['--root <dir>', '--state <dir>', '--now <instant>', '--format <format>', '--debug'];

const program = await fullProgram();
const commands = everyCommand(program).map(({ path, command }) => ({ path, flags: ownFlags(command) }));

function everyCommand(parent: Command, before = 'candor'): { path: string; command: Command }[] {
  return parent.commands.flatMap((command) => {
    const path = `${before} ${command.name()}`;
    return [{ path, command }, ...everyCommand(command, path)];
  });
}

function ownFlags(command: Command): string[] {
  return command.options.map(({ flags }) => flags).filter((flags) => !common.includes(flags));
}

/** The flags that a section's table explains. */
function explained(heading: string): string[] {
  const rows = sections.get(heading)?.matchAll(/^\| `(?<flags>--[^`]+)` \|/gm) ?? [];
  return Array.from(rows, (row) => (row.groups?.['flags'] ?? '').replaceAll('\\|', '|'));
}

test('the commands that are documented are those that there are', () => {
  const documented = [...sections.keys()].filter((heading) => heading.startsWith('candor '));
  expect(documented.toSorted()).toEqual(commands.map(({ path }) => path).toSorted());
});

test.each(commands)('$path: every option is explained, and no other', ({ path, flags }) => {
  expect(explained(path)).toEqual(flags);
});

test('the options of every command are explained once', () => {
  expect(explained('Options of every command')).toEqual(common);
});

test.each(commands.filter(({ path }) => !['candor incident', 'candor override'].includes(path)))(
  '$path has an example',
  ({ path }) => {
    expect(sections.get(path)).toMatch(/```console\n\$ /);
  },
);
