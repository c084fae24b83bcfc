/** The names of employees that the environment holds, so that they need not stand in a public file. */
export function redactNamesOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return (env['CANDOR_REDACT_NAMES'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
