import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { contentCommit } from '../../lib/adapters/content-commit.ts';
import { readBuiltFolder } from '../../lib/adapters/publish/built-folder.ts';
import type { PublishTarget } from '../../lib/adapters/publish/publish-target.ts';
import { lastGate } from '../../lib/content/last-gate.ts';
import { editionOf } from '../../lib/policy/edition.ts';
import { compileRedactionRules, type RedactionRules } from '../../lib/policy/redaction.ts';
import type { StatusConfig } from '../../lib/schema/config.ts';
import type { Edition } from '../../lib/schema/publish.ts';
import { Snapshot } from '../../lib/schema/snapshot.ts';
import { documentText } from '../../lib/snapshot/documents.ts';
import { placeholderOf } from '../../lib/snapshot/placeholder.ts';
import { incrementalBuild } from '../pipeline/incremental-build.ts';
import { type PublishRequest, type PublishResult, publishSite } from '../pipeline/publish-site.ts';
import type { MakeSource } from '../pipeline/publish-source.ts';
import { incrementalRequestOf } from './build-request.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';
import { progressBar } from './progress.ts';
import { rulesFor } from './redaction-rules.ts';

/** How a page is published, as the command line says. */
export interface PublishOptions {
  readonly from?: string;
  readonly to?: string;
  readonly snapshot?: true;
  readonly dryRun?: true;
  readonly adopt?: true;
  readonly replaceNewer?: true;
  readonly repair?: true;
}

/** What is to be published, and what of its words may leave. */
interface Edited {
  readonly edition: Edition;
  readonly makeSource: MakeSource;
  /** The page's dictionary. */
  readonly rules: RedactionRules;
  /** Addresses that are public whatever they are. */
  readonly ownAddresses: readonly string[];
}

/** Publish the page that a build left in `from`. */
export async function publishFolder(
  context: Context,
  target: PublishTarget,
  from: string,
  { config, options }: { readonly config: StatusConfig | undefined; readonly options: PublishOptions },
): Promise<PublishResult> {
  const folder = resolve(from);
  const built = await readBuiltFolder(folder);
  if (built === undefined) {
    throw new UsageError(
      `${folder} holds no page: it takes an index.html and a current.json that a build left there.`,
      `Make one with \`candor build --out ${from}\`.`,
    );
  }
  const { page, generated_at: generatedAt } = built.snapshot;
  const source = { site: '', incidents: [], files: built.files, bytes: built.bytes };
  // Only a page of this root comes from this root's commit.
  const commit =
    config !== undefined && `${config.url}/`.startsWith(page.url) ? await contentCommit(context.root) : undefined;
  return publishEdited(context, target, options, {
    edition: editionOf(commit, new Date(generatedAt)),
    makeSource: async () => source,
    rules: compileRedactionRules({ ...rulesFor(config, context.env).source, supportEmail: page.support_email }),
    ownAddresses: ownAddressesOf(page),
  });
}

/** Publish the content as it is now: only what changed since the last publish is rendered. */
export async function publishContent(
  context: Context,
  target: PublishTarget,
  { config, options }: { readonly config: StatusConfig; readonly options: PublishOptions },
): Promise<PublishResult> {
  const request = await incrementalRequestOf(context);
  await using build = incrementalBuild(request);
  return await publishEdited(context, target, options, {
    edition: editionOf(await contentCommit(context.root), request.now),
    makeSource: build.make,
    rules: rulesFor(config, context.env),
    ownAddresses: ownAddressesOf(config),
  });
}

/** Addresses that are public whatever they are. */
export function ownAddressesOf({ url, endpoint_url: endpoint }: Pick<StatusConfig, 'url' | 'endpoint_url'>): string[] {
  return [url, ...(endpoint === undefined ? [] : [endpoint])];
}

/** Publish what `makeSource` makes. */
async function publishEdited(
  context: Context,
  target: PublishTarget,
  options: PublishOptions,
  { edition, makeSource, rules, ownAddresses }: Edited,
): Promise<PublishResult> {
  const shown = context.interactive && context.format === 'text';
  const request: PublishRequest = {
    target,
    edition,
    makeSource,
    gate: lastGate(rules, ownAddresses),
    placeholder: (bytes) => {
      const snapshot = Snapshot.parse(JSON.parse(new TextDecoder().decode(bytes)));
      return new TextEncoder().encode(documentText(placeholderOf(snapshot)));
    },
    id: randomUUID(),
    now: context.now(),
    elapsedMs: () => performance.now(),
    adopt: options.adopt === true,
    replaceNewer: options.replaceNewer === true,
    repair: options.repair === true,
    dryRun: options.dryRun === true,
    onProgress: shown ? progressBar(process.stderr, 'Uploading') : undefined,
  };
  return publishSite(request);
}
