import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { installPreCommit } from '../../lib/adapters/git-hooks.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { redactStaged } from '../cli/redact-staged.ts';
import { quoted } from '../cli/typed-command.ts';

/** `candor hooks`: what git does for the content before it becomes history. */
export function command(): Command {
  return new Command('hooks')
    .description('Redact content before it becomes a part of the history of git.')
    .usage('[options] COMMAND')
    .helpCommand(false)
    .addCommand(installCommand())
    .addCommand(preCommitCommand());
}

function installCommand(): Command {
  return new Command('install')
    .summary('let git redact staged content before each commit')
    .description(
      'Write the pre-commit hook of this repository, for the content of the root. A hook of somebody else is left as it is.',
    )
    .addHelpText('after', '\nExample:\n  candor hooks install')
    .action(async (_options: unknown, self: Command) => {
      const context = contextOf(self);
      const { path, did } = await installPreCommit(context.root, hookCommand(context));
      process.stdout.write(
        did === 'written'
          ? `Wrote ${path}\nWhat must not be public is redacted from now on before it is committed here.\n`
          : `${path} is as it should be.\n`,
      );
    });
}

/** The hook calls this installation, which need not be the one in the repository of the content. */
function hookCommand({ root }: Context): string {
  const launcher = fileURLToPath(new URL('../launch.mjs', import.meta.url));
  return `node ${quoted(launcher)} hooks pre-commit --root ${quoted(root)}`;
}

function preCommitCommand(): Command {
  return new Command('pre-commit')
    .summary('redact what is staged; the hook runs this')
    .description('Redact what is staged of the content of the root, and say what was done. The hook runs this.')
    .action(async (_options: unknown, self: Command) => {
      process.stderr.write(await redactStaged(contextOf(self)));
    });
}
