import { z } from 'zod';
import { type BucketChange, type BucketSettings, bucketPlan } from '../../policy/bucket-plan.ts';
import { Failure } from '../failure.ts';
import type { GcsBucket } from './gcs-bucket.ts';

/** What a bucket is prepared for. */
export interface BucketPurpose {
  /** Where the page lies in it: empty, or ending in a slash. */
  readonly prefix: string;
  /** Whether everybody is to be allowed to read all of it. */
  readonly isPublic: boolean;
  /** Change nothing. */
  readonly isDryRun: boolean;
}

/** What was changed, or would be; and what a person should know of the rest. */
export interface BucketSetup {
  readonly changes: readonly BucketChange[];
  /** Whether reading was allowed to everybody just now. */
  readonly opened: boolean;
  readonly warnings: readonly string[];
}

/** The role by which everybody may read a bucket. */
export const readerRole = 'roles/storage.objectViewer';

const everybody = 'allUsers';

/** How often a bucket is looked at anew because somebody else changed it meanwhile. */
const patience = 5;

/** Prepare a bucket for a page; where it is prepared already, nothing is changed. Throws `Failure`. */
export async function setUpBucket(bucket: GcsBucket, purpose: BucketPurpose): Promise<BucketSetup> {
  for (let round = 1; round <= patience; round++) {
    const present = Resource.parse(await bucket.settings());
    const settings = settingsOf(present);
    if (purpose.isPublic && settings.forbidsPublic) throw neverPublic(bucket);
    const { changes, warnings } = bucketPlan(settings, purpose.prefix);
    const patch = Object.assign({}, ...changes.map((change) => change.patch));
    const isDone = changes.length === 0 || purpose.isDryRun || (await bucket.configure(patch, present.metageneration));
    if (isDone !== undefined) return { changes, opened: purpose.isPublic && (await open(bucket, purpose)), warnings };
  }
  throw new Failure(`${bucket.place} was changed by somebody else again and again.`, { fix: 'Run the command again.' });
}

/** Let everybody read it; `false` where that is so already. */
async function open(bucket: GcsBucket, { isDryRun }: BucketPurpose): Promise<boolean> {
  const policy = await bucket.policy();
  const grants = policy.bindings.filter(({ role, condition }) => role === readerRole && condition === undefined);
  if (grants.some(({ members }) => members.includes(everybody))) return false;
  if (isDryRun) return true;
  const [grant] = grants;
  const others = policy.bindings.filter((binding) => binding !== grant);
  const members = [...(grant?.members ?? []), everybody];
  await bucket.grant({ ...policy, bindings: [...others, { role: readerRole, members }] });
  return true;
}

const Rule = z.looseObject({
  action: z.looseObject({ type: z.string().optional() }).optional(),
  condition: z.record(z.string(), z.unknown()).optional(),
});
const Cors = z.looseObject({ origin: z.array(z.string()).optional(), method: z.array(z.string()).optional() });

/** The bucket as the service describes it, as far as a page depends on it. */
const Resource = z.object({
  metageneration: z.union([z.string(), z.number()]).transform(String),
  website: z.object({ mainPageSuffix: z.string().optional(), notFoundPage: z.string().optional() }).default({}),
  cors: z.array(Cors).default([]),
  lifecycle: z.object({ rule: z.array(Rule).default([]) }).default({ rule: [] }),
  iamConfiguration: z
    .object({
      uniformBucketLevelAccess: z.object({ enabled: z.boolean().default(false) }).default({ enabled: false }),
      publicAccessPrevention: z.string().optional(),
    })
    .prefault({}),
  retentionPolicy: z.unknown().optional(),
  defaultEventBasedHold: z.boolean().default(false),
  billing: z.object({ requesterPays: z.boolean().default(false) }).default({ requesterPays: false }),
});

function settingsOf(resource: z.infer<typeof Resource>): BucketSettings {
  const { website, cors, lifecycle, iamConfiguration, billing } = resource;
  return {
    website,
    cors,
    lifecycle: lifecycle.rule,
    isUniform: iamConfiguration.uniformBucketLevelAccess.enabled,
    forbidsPublic: iamConfiguration.publicAccessPrevention === 'enforced',
    isRetained: resource.retentionPolicy !== undefined || resource.defaultEventBasedHold,
    requesterPays: billing.requesterPays,
  };
}

function neverPublic(bucket: GcsBucket): Failure {
  return new Failure(`${bucket.place} forbids that anybody reads it publicly, so nothing was changed.`, {
    fix: `Where that is wanted: gcloud storage buckets update ${bucket.place} --no-public-access-prevention. Else leave --public out, and let a load balancer read it.`,
  });
}
