import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { configPath, readConfigFile } from '../../lib/content/config-file.ts';
import { compileRedactionRules, type RedactionKind, type RedactionRules } from '../../lib/policy/redaction.ts';
import type { StatusConfig } from '../../lib/schema/config.ts';
import type { Context } from './context.ts';
import { ProblemsFound } from './errors.ts';
import { redactNamesOf } from './redact-names.ts';

/** How each kind of finding is called when people are told of it. */
export const kindNames: Readonly<Record<RedactionKind, string>> = {
  ipv4: 'an IP address',
  ipv6: 'an IP address',
  stack_trace: 'a stack trace',
  email: 'an e-mail address',
  internal_host: 'an internal host name',
  vendor_id: "a vendor's identifier",
  employee_name: 'the name of an employee',
  custom: 'something that a pattern of this page forbids',
};

/** The dictionary of a page: the built-in one, what its settings add, and the names that the environment holds. */
export function rulesFor(config: StatusConfig | undefined, env: Context['env']): RedactionRules {
  const { names = [], hosts = [], patterns = [] } = config?.redact ?? {};
  return compileRedactionRules({
    supportEmail: config?.support_email,
    names: [...names, ...redactNamesOf(env)],
    hosts,
    patterns,
  });
}

/** The dictionary of the root, or the built-in one where there are no settings; an error where they cannot be read. */
export async function rulesOf(context: Context): Promise<RedactionRules> {
  const { files } = await readContentRoot(context.root);
  const settings = files.find(({ path }) => path === configPath);
  if (settings === undefined) return rulesFor(undefined, context.env);
  const { config, problems } = readConfigFile(settings);
  if (config !== undefined) return rulesFor(config, context.env);
  throw new ProblemsFound('What must be redacted is not known, because the settings cannot be read:', problems);
}
