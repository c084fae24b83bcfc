import { execFile } from 'node:child_process';

/** The token of `gh`, for the server `host`; `undefined` where there is no `gh`, or nobody is signed in there. */
export function githubCliToken(host: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('gh', ['auth', 'token', '--hostname', host], { env, timeout: 10_000 }, (error, stdout) => {
      const token = stdout.trim();
      resolve(error === null && /^\S+$/.test(token) ? token : undefined);
    });
  });
}
