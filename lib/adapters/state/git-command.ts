import { Failure } from '../failure.ts';
import { runGit } from '../git.ts';

/** Environment variables, as a door has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Runs git in one repository; `GitRefused` where git ends with an error. */
export type Git = (args: readonly string[], input?: string | Uint8Array) => Promise<Buffer>;

/** git ended with an error. What it said may hold a password in an address, so it is for matching alone. */
export class GitRefused extends Error {
  readonly said: string;
  constructor(said: string) {
    super(withoutAddresses(said));
    this.said = said;
  }
}

/** How long git may take, with a network that is slow. */
const timeoutMs = 10 * 60_000;

/** Settings that keep git from doing more than it is asked for, and from waiting for ever. */
const settings = [
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['fetch.writeCommitGraph', 'false'],
  ['push.followTags', 'false'],
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/** git in `repository`, with the environment of the door but for what would lead it elsewhere. */
export function gitIn(repository: string, env: Environment, more: Environment = {}): Git {
  const options = ['--no-optional-locks', '--no-replace-objects', ...settings, '-C', repository];
  return async (args, input = '') => {
    const run = { input, env: { ...cleaned(env), ...more }, timeoutMs };
    const { code, output, errors } = await runGit([...options, ...args], run);
    if (code === 0) return output;
    throw new GitRefused(Buffer.concat([errors, output]).toString('utf8'));
  };
}

/** Variables of git that say how to reach a remote and who one is there; all others say where, and are not ours. */
const kept =
  /^GIT_(?:ASKPASS|SSH|SSH_COMMAND|SSH_VARIANT|CONFIG(?:_.+)?|SSL_.+|PROXY_.+|HTTP_.+|ALLOW_PROTOCOL|EXEC_PATH)$/;

function cleaned(env: Environment): Environment {
  const usable = Object.entries(env).filter(([key]) => !key.startsWith('GIT_') || kept.test(key));
  return { ...Object.fromEntries(usable), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
}

/** The failure that people read for what git said: in words of ours, by the first that fits. */
export function explainGit(doing: string, error: GitRefused): Failure {
  const known = reasons.find(({ says }) => says.test(error.said));
  const reason = known?.reason ?? `git says: ${lastLine(error.message)}`;
  return new Failure(`${doing}: ${reason}.`, {
    fix: known?.fix ?? 'Try again; where it goes on, try `git ls-remote` by hand.',
    cause: error,
  });
}

const reasons = [
  {
    says: /dubious ownership/,
    reason: 'git does not trust the repository, because it belongs to another user',
    fix: 'Run `git config --global --add safe.directory FOLDER` with the folder of the repository.',
  },
  {
    says: /not a git repository/,
    reason: 'this is no git repository',
    fix: 'Run it in a clone of the repository whose branch keeps the state, or give --root.',
  },
  {
    says: /Authentication failed|could not read (?:Username|Password)|Permission denied|HTTP 40[13]|error: 40[13]|access denied|Invalid username/i,
    reason: 'the remote does not let this user in, or not write',
    fix: 'Check the token or key that git uses here; in a workflow the job needs `permissions: contents: write`.',
  },
  {
    says: /protected branch|GH006|GH013|pre-receive hook declined|hook declined|deny(?:ing)?|prohibited/i,
    reason: 'the remote has a rule against replacing this branch',
    fix: 'Except the branch of the state from the rules of the repository.',
  },
  {
    says: /Could not resolve host|Failed to connect|Connection (?:refused|timed out|reset)|unable to access|Operation too slow|early EOF/i,
    reason: 'the remote cannot be reached',
    fix: 'Check the network and the address of the remote, then run the command again.',
  },
  {
    says: /does not appear to be a git repository|Repository not found|repository .* not found|does not exist|No such remote/i,
    reason: 'there is no such remote, or nothing that this user may see',
    fix: 'Check the name of the remote with `git remote`, and its address.',
  },
];

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 200) || 'nothing';
}

/** Anything with `://` goes, whatever stands around it: a password may hold any character but white space. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/\S*:\/\/\S*/g, '(address)');
}
