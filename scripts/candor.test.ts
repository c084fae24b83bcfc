import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { candor, repository } from '../lib/testing/command-line.ts';
import { commands } from './cli/commands.ts';

test('help names every command in its group and says how to begin', async () => {
  expect(await candor(['--help'])).toEqual({
    code: 0,
    stderr: '',
    stdout: `Usage: candor [options] COMMAND

A status page that a team runs by pull request.

Options:
  --version          print the version
  -h, --help         show this help

Options of every command:
  --root <dir>       folder of the content (default: here)
  --state <dir>      where measurements are kept (default: .state in the root)
  --now <instant>    judge as of that instant, e.g. 2026-11-20T10:05:00Z
                     (default: the clock)
  --format <format>  how results are printed (default: "text") (choices: "text",
                     "json", "github")
  --debug            show a stack trace with an error

${commandLines()}

Help:
  help [command]     show help for a command

Examples:
  candor start                      look at the page of this folder
  candor incident new               write an incident, step by step
  candor check --base origin/main   what a reviewer should know before a merge
  candor build --out dist           make the page for a bucket

Exit codes: 0 fine, 1 problems found, 2 used wrongly, 3 the world refused.
`,
  });
});

/** Each group with its commands, a summary that is too long for its line going on below itself. */
function commandLines(): string {
  const entries = Object.entries(commands).map(([name, { group, summary }]) => ({ name, group, summary }));
  const groups = [...Map.groupBy(entries, ({ group }) => group)];
  return groups.map(([group, all]) => [group, ...all.map(commandLine)].join('\n')).join('\n\n');
}

const [column, width] = [21, 80];

function commandLine({ name, summary }: { readonly name: string; readonly summary: string }): string {
  const lines = [''];
  for (const word of summary.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (column + longer.length < width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return `  ${name}`.padEnd(column) + lines.join(`\n${' '.repeat(column)}`);
}

test('without a command help is shown and nothing was done', async () => {
  const ended = await candor([]);
  expect({ ...ended, stderr: ended.stderr.split('\n')[0] }).toEqual({
    code: 2,
    stdout: '',
    stderr: 'Usage: candor [options] COMMAND',
  });
});

test.each([
  ['a command', ['chekc'], "error: unknown command 'chekc'\n  Did you mean check?\n"],
  ['a command of a command', ['incident', 'nwe'], "error: unknown command 'nwe'\n  Did you mean new?\n"],
  ['a common option', ['--rot', '.', 'check'], "error: unknown option '--rot'\n  Did you mean --root?\n"],
  ["a command's option", ['check', '--bsae', 'main'], "error: unknown option '--bsae'\n  Did you mean --base?\n"],
  [
    'a common option after the command',
    ['check', '--fromat', 'json'],
    "error: unknown option '--fromat'\n  Did you mean --format?\n",
  ],
  [
    'an option of a command of a command',
    ['incident', 'new', '--titel', 'x'],
    "error: unknown option '--titel'\n  Did you mean --title?\n",
  ],
])('misspelling %s suggests the right one', async (_what, args, stderr) => {
  expect(await candor(args)).toEqual({ code: 2, stdout: '', stderr });
});

test('a word that is near no command gets no suggestion', async () => {
  expect(await candor(['zzzzzz'])).toEqual({ code: 2, stdout: '', stderr: "error: unknown command 'zzzzzz'\n" });
});

test('a value that an option does not take is refused with those that it takes', async () => {
  expect(await candor(['check', '--format', 'xml'])).toEqual({
    code: 2,
    stdout: '',
    stderr: "error: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, github.\n",
  });
});

test('an instant without a zone is refused', async () => {
  expect(await candor(['check', '--now', '2026-11-20 10:05'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: --now "2026-11-20 10:05" is not an instant.\n  Write it as 2026-11-20T10:05:00Z.\n',
  });
});

test('a stack trace is shown only to those who ask for one', async () => {
  const quiet = await candor(['serve', '--from', 'nowhere']);
  const debug = await candor(['serve', '--from', 'nowhere', '--debug']);
  const told =
    'error: There is no page in nowhere: it has no index.html.\n  Build it first: candor build --out nowhere\n';
  expect(quiet).toEqual({ code: 3, stdout: '', stderr: told });
  expect(debug.stderr.startsWith(`${told}Failure: There is no page in nowhere`)).toBe(true);
  expect(debug.stderr).toContain('    at openSite (');
});

test('a reader that goes away ends the command quietly', async () => {
  const script = `"$0" scripts/candor.ts --help | head -1`;
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script, process.execPath], { cwd: repository });
  expect({ stdout, stderr }).toEqual({ stdout: 'Usage: candor [options] COMMAND\n', stderr: '' });
});

test('the launcher and npx run the same command line, without a look at the registry', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'candor-npx-'));
  try {
    const env = {
      ...process.env,
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_cache: cache,
      npm_config_yes: 'false',
    };
    const npx = await promisify(execFile)('npx', ['candor', '--version'], { cwd: repository, env });
    const launched = await promisify(execFile)(join(repository, 'scripts', 'launch.mjs'), ['--version']);
    expect(npx.stdout).toBe(launched.stdout);
    expect(launched.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});
