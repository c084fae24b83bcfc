/** Variables of an environment, by name. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with which git may push in a GitHub workflow whose checkout kept no credentials: `GITHUB_TOKEN` is
 * given to git as a setting in its environment, so that it stands on no command line and in no file. It is sent to the
 * server of the workflow and to no other. Outside of a workflow, or without a token, the environment is as it was.
 */
export function withActionsToken(env: Environment): Environment {
  const { GITHUB_ACTIONS, GITHUB_TOKEN: token = '', GITHUB_SERVER_URL: server = '' } = env;
  if (GITHUB_ACTIONS !== 'true' || token === '' || !/^https:\/\/[^/]+$/.test(server)) return env;
  const before = Number(env['GIT_CONFIG_COUNT'] ?? '0');
  const key = `http.${server}/.extraheader`;
  const value = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  return {
    ...env,
    GIT_CONFIG_COUNT: String(before + 2),
    // An empty value takes back what a checkout may have left; two such headers are refused.
    [`GIT_CONFIG_KEY_${before}`]: key,
    [`GIT_CONFIG_VALUE_${before}`]: '',
    [`GIT_CONFIG_KEY_${before + 1}`]: key,
    [`GIT_CONFIG_VALUE_${before + 1}`]: value,
  };
}
