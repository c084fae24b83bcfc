import { execFileSync } from 'node:child_process';

/** Run git in a folder as an operator, whatever the machine is set to; what it printed. */
export function gitIn(folder: string, ...args: readonly string[]): string {
  const settings = { 'user.name': 'Operator', 'user.email': 'operator@example.com', 'init.defaultBranch': 'main' };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  return execFileSync('git', [...options, ...args], { cwd: folder, stdio: 'pipe', encoding: 'utf8' }).trim();
}

/** A bare repository at `remote` that holds what lies in `content`, and a clone of it at `clone`, on `main`. */
export function remoteAndClone(content: string, remote: string, clone: string): void {
  gitIn(content, 'init', '-q');
  gitIn(content, 'add', '.');
  gitIn(content, 'commit', '-q', '-m', 'Begin');
  gitIn(content, 'clone', '-q', '--bare', content, remote);
  gitIn(content, 'clone', '-q', remote, clone);
}
