import { Command } from 'commander';
import { withActionsToken } from '../../lib/adapters/actions-token.ts';
import type { BranchAddress } from '../../lib/adapters/state/git-branch.ts';
import { gitState } from '../../lib/adapters/state/git-state.ts';
import { isBucket } from '../../lib/adapters/state/open-state.ts';
import { pullState, pushState } from '../../lib/adapters/state/sync-state.ts';
import { askerOf } from '../cli/ask.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { discardDocument, parseStateName } from '../cli/discard-state.ts';
import { UsageError } from '../cli/errors.ts';
import { carriedReport } from '../cli/state-report.ts';
import { stateStoreOf } from '../cli/state-store.ts';
import { machineUser } from '../pipeline/writers.ts';

const defaults = { remote: 'origin', branch: 'candor-state' } as const;

/** Where the branch is, as the command line says. */
interface BranchOptions {
  readonly remote: string;
  readonly branch: string;
}

interface DiscardOptions {
  readonly remote?: string;
  readonly branch?: string;
  readonly yes?: true;
}

/** `candor state`: carry the state between this machine and a branch, and put broken documents out of the way. */
export function command(): Command {
  return new Command('state')
    .description('Carry what was measured between this machine and a branch of the repository.')
    .usage('[options] COMMAND')
    .addCommand(carryCommand('pull'))
    .addCommand(carryCommand('push'))
    .addCommand(discardCommand());
}

const carries = {
  pull: {
    summary: 'bring the branch into the folder',
    description: 'Bring what the branch says into the folder. What was not pushed from there stays or is merged.',
    carry: pullState,
  },
  push: {
    summary: 'bring the folder to the branch',
    description:
      'Make what the folder says the one commit of the branch. What others pushed meanwhile stays or is merged.',
    carry: pushState,
  },
} as const;

function carryCommand(direction: 'pull' | 'push'): Command {
  const { summary, description, carry } = carries[direction];
  const command = new Command(direction)
    .summary(summary)
    .description(description)
    .option('--remote <name>', `which remote of the repository (default: ${defaults.remote})`)
    .option('--branch <branch>', `which branch keeps the state (default: ${defaults.branch})`)
    .addHelpText('after', `\nExample:\n  candor state ${direction}`);
  return command.action(async (options: Partial<BranchOptions>) => {
    const context = contextOf(command);
    const address = addressOf(context, options);
    const carried = await carry(folderOf(context), address, context.now());
    process.stdout.write(carriedReport(direction, carried, context.format));
  });
}

function discardCommand(): Command {
  const command = new Command('discard')
    .summary('put a broken document out of the way')
    .description(
      'Put a document that cannot be used out of the way, for a person to look at, and begin anew without it.',
    )
    .argument('<name>', 'which document: probes, uptime, recorded, published or audit-head')
    .option('--branch <branch>', 'on that branch instead of in the folder')
    .option('--remote <name>', `which remote of the repository (default: ${defaults.remote})`)
    .option('--yes', 'never ask')
    .addHelpText('after', '\nExample:\n  candor state discard probes');
  return command.action(async (given: string, options: DiscardOptions) => {
    const context = contextOf(command);
    const name = parseStateName(given);
    const onBranch = options.branch !== undefined || options.remote !== undefined;
    const store = onBranch ? gitState(addressOf(context, options)) : stateStoreOf(context);
    await makeSure(context, options, `${name}.json in ${store.place}`);
    const to = await discardDocument(store, name, { who: machineUser(context.env), now: context.now() });
    process.stdout.write(discardReport(context, { name, place: store.place, to }));
  });
}

/** The folder that is carried to and from a branch. */
function folderOf({ state }: Context): string {
  if (!isBucket(state)) return state;
  throw new UsageError(
    `${state} is a bucket, which nothing has to be carried to: every command reads and writes it directly.`,
    'Leave the step out, or give --state a folder to carry between it and a branch.',
  );
}

async function makeSure(context: Context, options: DiscardOptions, what: string): Promise<void> {
  if (options.yes === true) return;
  const ask = askerOf(context, options);
  if (ask === undefined) {
    throw new UsageError(`Nobody can be asked whether to go on without ${what}.`, 'Add --yes to say so.');
  }
  const sure = await ask.confirm(`Go on without ${what}? It is put aside, and what it knew begins anew.`, false);
  if (!sure) throw new UsageError('Cancelled.', 'Nothing was changed.');
}

function discardReport(
  { format }: Context,
  { name, place, to }: { readonly name: string; readonly place: string; readonly to: string | undefined },
): string {
  if (format === 'json') return `${JSON.stringify({ name, place, set_aside: to ?? null })}\n`;
  if (to === undefined)
    return `${name}.json of the state in ${place} was gone; the audit log now says that it was discarded.\n`;
  return `Put ${name}.json of the state in ${place} aside as ${to}, and told the audit log.\n`;
}

function addressOf({ root, env }: Context, { remote, branch }: Partial<BranchOptions>): BranchAddress {
  return {
    repository: root,
    remote: remote ?? defaults.remote,
    branch: branch ?? defaults.branch,
    env: withActionsToken(env),
  };
}
