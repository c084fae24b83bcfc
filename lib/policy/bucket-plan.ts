import { snapshotObjectDays } from './constants.ts';

/** A rule of a bucket by which objects are deleted or moved; keys that are not named here are kept as they are. */
export interface LifecycleRule {
  readonly action?: { readonly type?: string | undefined } | undefined;
  readonly condition?: Readonly<Record<string, unknown>> | undefined;
}

/** A rule of a bucket about who may read it from pages of other sites. */
export interface CorsRule {
  readonly origin?: readonly string[] | undefined;
  readonly method?: readonly string[] | undefined;
}

/** What a bucket is set to, as far as a page in it depends on that. */
export interface BucketSettings {
  readonly website?: { readonly mainPageSuffix?: string | undefined; readonly notFoundPage?: string | undefined };
  readonly cors: readonly CorsRule[];
  readonly lifecycle: readonly LifecycleRule[];
  readonly isUniform: boolean;
  readonly forbidsPublic: boolean;
  /** Objects may not be replaced or deleted for a while, by a rule of the bucket. */
  readonly isRetained: boolean;
  readonly requesterPays: boolean;
}

/** One setting that is to be another: as the JSON API takes it, and as `gcloud storage buckets update` does. */
export interface BucketChange {
  readonly setting: 'website' | 'cors' | 'lifecycle' | 'access';
  readonly why: string;
  readonly patch: Readonly<Record<string, unknown>>;
  readonly gcloud: { readonly flags: string; readonly file?: { readonly name: string; readonly holds: unknown } };
}

/** A bucket that was just made. */
export const freshBucket: BucketSettings = {
  cors: [],
  lifecycle: [],
  isUniform: false,
  forbidsPublic: false,
  isRetained: false,
  requesterPays: false,
};

/** What to change, and what a person should know of the rest. */
export interface BucketPlan {
  readonly changes: readonly BucketChange[];
  readonly warnings: readonly string[];
}

/**
 * The files that say how things are now, and so are rewritten by every publish: a name that ends in a slash stands for
 * all below it. Pages of open incidents change as well, but they are permalinks: no rule may delete those.
 */
export const presentFiles = [
  'current.json',
  'index.html',
  'components/',
  'api/v1/status/current.json',
  'api/v1/status/components.json',
  'api/v1/status/uptime.json',
  'api/v1/status/incidents.json',
] as const;

/** The rule that takes away what a dead pipeline would claim for ever; `prefix` is empty or ends in a slash. */
export function snapshotRule(prefix: string): LifecycleRule {
  const matchesPrefix = presentFiles.map((name) => `${prefix}${name}`);
  return { action: { type: 'Delete' }, condition: { age: snapshotObjectDays, matchesPrefix } };
}

/** Who may read the JSON from a page of another site: everybody. */
export const publicCors = {
  origin: ['*'],
  method: ['GET', 'HEAD'],
  responseHeader: ['Content-Type', 'ETag', 'Last-Modified'],
  maxAgeSeconds: 3600,
} as const;

/** What answers for a folder, and for what is not there. */
export function websiteOf(prefix: string) {
  return { mainPageSuffix: 'index.html', notFoundPage: `${prefix}404.html` } as const;
}

/** What has to change in a bucket for a page below `prefix`. Rules and settings of others stay as they are. */
export function bucketPlan(present: BucketSettings, prefix: string): BucketPlan {
  return {
    changes: [website(present, prefix), cors(present), lifecycle(present, prefix), access(present)].flat(),
    warnings: warnings(present, prefix),
  };
}

function website(present: BucketSettings, prefix: string): BucketChange[] {
  if (present.website?.mainPageSuffix !== undefined || present.website?.notFoundPage !== undefined) return [];
  const wanted = websiteOf(prefix);
  const why = `${wanted.mainPageSuffix} answers for a folder, ${wanted.notFoundPage} for what is not there (behind a domain)`;
  const flags = `--web-main-page-suffix=${wanted.mainPageSuffix} --web-error-page=${wanted.notFoundPage}`;
  return [{ setting: 'website', why, patch: { website: wanted }, gcloud: { flags } }];
}

function cors(present: BucketSettings): BucketChange[] {
  if (present.cors.some(isOpen)) return [];
  const why = 'pages of other sites may read what is public: GET and HEAD, from any origin';
  const rules = [...present.cors, publicCors];
  const gcloud = { flags: '--cors-file=cors.json', file: { name: 'cors.json', holds: rules } };
  return [{ setting: 'cors', why, patch: { cors: rules }, gcloud }];
}

function isOpen({ origin = [], method = [] }: CorsRule): boolean {
  return origin.includes('*') && ['GET', 'HEAD'].every((one) => method.includes(one) || method.includes('*'));
}

function lifecycle({ lifecycle: rules }: BucketSettings, prefix: string): BucketChange[] {
  const wanted = snapshotRule(prefix);
  if (rules.some((rule) => textOf(rule) === textOf(wanted))) return [];
  const others = rules.filter((rule) => !isEarlierRule(rule, prefix));
  const why = `what says how things are now is deleted ${snapshotObjectDays} days after it was last written; the archive stays`;
  const rule = [...others, wanted];
  const gcloud = { flags: '--lifecycle-file=lifecycle.json', file: { name: 'lifecycle.json', holds: { rule } } };
  return [{ setting: 'lifecycle', why, patch: { lifecycle: { rule } }, gcloud }];
}

/** A rule about exactly these files of ours, as another version of Candor wrote it. */
function isEarlierRule(rule: LifecycleRule, prefix: string): boolean {
  const keys = Object.keys(rule.condition ?? {}).sort();
  const names = prefixesOf(rule);
  const isOurs = rule.action?.type === 'Delete' && keys.join() === 'age,matchesPrefix';
  return isOurs && names.includes(`${prefix}current.json`) && names.every((name) => name.startsWith(prefix));
}

function textOf({ action, condition = {} }: LifecycleRule): string {
  const names = prefixesOf({ condition }).toSorted();
  const rest = Object.entries(condition).filter(([key]) => key !== 'matchesPrefix');
  return JSON.stringify([action?.type, rest.toSorted(), names]);
}

function prefixesOf({ condition }: LifecycleRule): string[] {
  const names = condition?.['matchesPrefix'];
  return Array.isArray(names) ? names.map(String) : [];
}

function access(present: BucketSettings): BucketChange[] {
  if (present.isUniform) return [];
  const why = 'access is granted to the bucket as a whole, never to single objects';
  const patch = { iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } };
  return [{ setting: 'access', why, patch, gcloud: { flags: '--uniform-bucket-level-access' } }];
}

function warnings(present: BucketSettings, prefix: string): string[] {
  const { mainPageSuffix, notFoundPage } = present.website ?? {};
  const wanted = websiteOf(prefix);
  const isOther = mainPageSuffix !== wanted.mainPageSuffix || notFoundPage !== wanted.notFoundPage;
  const isSet = mainPageSuffix !== undefined || notFoundPage !== undefined;
  return [
    ...(isSet && isOther
      ? [
          `The website was left as it is: ${mainPageSuffix ?? 'nothing'} for folders, ${notFoundPage ?? 'nothing'} for what is not there.`,
        ]
      : []),
    ...(present.lifecycle.some((rule) => deletesArchive(rule, prefix))
      ? [
          'A lifecycle rule of the bucket deletes files of the archive as well. Permalinks would break: limit it to other names.',
        ]
      : []),
    ...(present.isRetained
      ? [
          'The bucket keeps objects from being replaced (a retention policy or hold), so nothing can be published twice. Take that away.',
        ]
      : []),
    ...(present.requesterPays
      ? ['Readers have to pay for what they read (requester pays), so the public cannot. Take that away.']
      : []),
  ];
}

/** Whether a rule of somebody else would delete permalinks. */
function deletesArchive(rule: LifecycleRule, prefix: string): boolean {
  const { condition = {}, action } = rule;
  if (action?.type !== 'Delete' || condition['isLive'] === false) return false;
  if (Object.keys(condition).some((key) => /noncurrent|numNewer|Suffix/i.test(key))) return false;
  const names = prefixesOf(rule);
  const archive = [`${prefix}incidents/`, `${prefix}history/`, `${prefix}_astro/`];
  return (
    names.length === 0 || names.some((name) => archive.some((one) => one.startsWith(name) || name.startsWith(one)))
  );
}
