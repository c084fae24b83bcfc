import { z } from 'zod';

/** What the environment settles: secrets, and what belongs to a machine. What is unset is absent. */
export interface Settings {
  /** `smtp://` or `smtps://`, with its user and password. */
  readonly smtpUrl?: string | undefined;
  /** An address, or a name with an address in angle brackets. */
  readonly mailFrom?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  /** One or more keys as text, separated by commas: the first one encrypts, every one decrypts. */
  readonly dataKey?: string | undefined;
  /** How many proxies in front of the endpoint are believed. */
  readonly trustedProxies: number;
  readonly githubToken?: string | undefined;
  readonly githubApiUrl: string;
  /** `owner/name`: whose administrators may read the audit log. */
  readonly githubRepository?: string | undefined;
}

/** A setting that is wrong; neither text holds anything of its value. */
export interface SettingProblem {
  readonly name: string;
  readonly message: string;
  readonly fix: string;
}

/** What an environment came to: settings, or at least one problem. */
type ReadSettings =
  | { readonly settings: Settings; readonly problems?: never }
  | { readonly settings?: never; readonly problems: readonly SettingProblem[] };

/** One variable of the environment. */
interface SettingRow {
  readonly key: keyof Settings;
  /** What it must be, after "It must be". */
  readonly form: string;
  readonly example: string;
  readonly schema: z.ZodType;
}

/** 32 bytes, in hexadecimal or in base64 of either alphabet. */
const dataKey = /^(?:[0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/;

/** Every setting of the endpoint and the mail, by its name in the environment. */
export const settingRows = {
  SMTP_URL: {
    key: 'smtpUrl',
    form: 'the address of a mail server',
    example: 'smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, with %40 for an @ in the password',
    schema: serverUrl(['smtp:', 'smtps:']),
  },
  MAIL_FROM: {
    key: 'mailFrom',
    form: 'the address that mails come from, with or without a name, on one line',
    example: 'Status <status@example.com>',
    schema: z
      .string()
      .max(320)
      .regex(/^(?:[^<>\p{Cc}]*<[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+>|[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+)$/u),
  },
  DATABASE_URL: {
    key: 'databaseUrl',
    form: 'the address of a PostgreSQL database',
    example: 'postgresql://USER:PASSWORD@HOST:5432/DATABASE, with %40 for an @ in the password',
    schema: databaseUrl(),
  },
  REDIS_URL: {
    key: 'redisUrl',
    form: 'the address of a Redis server',
    example: 'redis://HOST:6379, or rediss:// where it speaks TLS',
    schema: serverUrl(['redis:', 'rediss:']),
  },
  CANDOR_DATA_KEY: {
    key: 'dataKey',
    form: 'one or more keys of 32 bytes in base64 or hexadecimal, separated by commas, the newest first',
    example: 'what `openssl rand -base64 32` prints',
    schema: z.string().refine((text) => text.split(',').every((part) => dataKey.test(part.trim()))),
  },
  CANDOR_TRUST_PROXY: {
    key: 'trustedProxies',
    form: 'how many proxies in front of the endpoint are believed, a number from 0 to 9',
    example: '1 behind one load balancer, 0 where visitors connect directly',
    schema: z.string().regex(/^\d$/).transform(Number),
  },
  GITHUB_TOKEN: {
    key: 'githubToken',
    form: 'a token without spaces',
    example: 'a fine-grained token that may read the metadata of the repository',
    schema: z.string().regex(/^[\x21-\x7e]+$/),
  },
  GITHUB_API_URL: {
    key: 'githubApiUrl',
    form: 'the address of an API of GitHub',
    example: 'https://api.github.com (the default), or https://HOST/api/v3 of an own server',
    schema: serverUrl(['http:', 'https:']),
  },
  GITHUB_REPOSITORY: {
    key: 'githubRepository',
    form: 'owner/name of the repository with the content',
    example: 'example-org/status',
    schema: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  },
} as const satisfies Record<string, SettingRow>;

const defaults = { trustedProxies: 0, githubApiUrl: 'https://api.github.com' } as const;

/** The names of the settings in the environment. */
export type SettingName = keyof typeof settingRows;

/**
 * The settings of an environment, or everything that is wrong with them. A variable that is empty counts as unset, and so
 * does one that is not among `names`.
 */
export function readSettings(
  whole: Readonly<Record<string, string | undefined>>,
  names: readonly string[] = Object.keys(settingRows),
): ReadSettings {
  const env = Object.fromEntries(names.map((name) => [name, whole[name]]));
  const problems: SettingProblem[] = [];
  const read = <Output>(name: SettingName, schema: z.ZodType<Output>): Output | undefined => {
    const value = env[name]?.trim() ?? '';
    if (value === '') return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const { form, example } = settingRows[name];
    problems.push({ name, message: `${name} is not ${form}.`, fix: `Set it to ${example}.` });
    return undefined;
  };
  const settings: Settings = {
    smtpUrl: read('SMTP_URL', settingRows.SMTP_URL.schema),
    mailFrom: read('MAIL_FROM', settingRows.MAIL_FROM.schema),
    databaseUrl: read('DATABASE_URL', settingRows.DATABASE_URL.schema),
    redisUrl: read('REDIS_URL', settingRows.REDIS_URL.schema),
    dataKey: read('CANDOR_DATA_KEY', settingRows.CANDOR_DATA_KEY.schema),
    trustedProxies: read('CANDOR_TRUST_PROXY', settingRows.CANDOR_TRUST_PROXY.schema) ?? defaults.trustedProxies,
    githubToken: read('GITHUB_TOKEN', settingRows.GITHUB_TOKEN.schema),
    githubApiUrl: read('GITHUB_API_URL', settingRows.GITHUB_API_URL.schema) ?? defaults.githubApiUrl,
    githubRepository: read('GITHUB_REPOSITORY', settingRows.GITHUB_REPOSITORY.schema),
  };
  for (const { needs, because, name } of companions) {
    if (names.includes(needs) && isSet(env, name) && !isSet(env, needs)) {
      problems.push({
        name: needs,
        message: `${needs} is not set, and ${because}.`,
        fix: `Set it to ${settingRows[needs].example}.`,
      });
    }
  }
  return problems.length > 0 ? { problems } : { settings };
}

/** What makes sense together with another one alone. */
const companions = [
  { name: 'SMTP_URL', needs: 'MAIL_FROM', because: 'a mail server wants to know whom mails are from' },
  { name: 'DATABASE_URL', needs: 'CANDOR_DATA_KEY', because: 'endpoints that share a database need the same key' },
] as const;

function isSet(env: Readonly<Record<string, string | undefined>>, name: string): boolean {
  return (env[name]?.trim() ?? '') !== '';
}

function serverUrl(protocols: readonly string[]) {
  return z.string().refine((text) => {
    const url = URL.parse(text);
    return url !== null && protocols.includes(url.protocol) && url.hostname !== '' && url.hash === '';
  });
}

/** A socket of this machine has no host before the path: `postgresql://USER:PASSWORD@/DATABASE?host=/FOLDER`. */
function databaseUrl() {
  return z.string().refine((text) => {
    const url = URL.parse(text.replace('@/', '@localhost/'));
    return url !== null && ['postgres:', 'postgresql:'].includes(url.protocol) && url.hash === '';
  });
}
