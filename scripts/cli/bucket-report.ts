import { type BucketSetup, readerRole } from '../../lib/adapters/publish/bucket-setup.ts';
import type { BucketChange } from '../../lib/policy/bucket-plan.ts';
import type { Context } from './context.ts';

/** What was done to which bucket, and how it is to be told. */
export interface SetupFacts {
  readonly place: string;
  readonly isPublic: boolean;
  readonly isDryRun: boolean;
  readonly format: Context['format'];
}

/** What the set-up of a bucket came to, as text or JSON. */
export function setupReport(setup: BucketSetup, facts: SetupFacts): string {
  const { changes, opened, warnings } = setup;
  if (facts.format === 'json') {
    const changed = changes.map(({ setting, why, patch }) => ({ setting, why, value: patch }));
    return `${JSON.stringify({ bucket: facts.place, dry_run: facts.isDryRun, changes: changed, opened, warnings })}\n`;
  }
  return [headline(setup, facts), ...table(setup), ...notes(setup, facts), ...byHand(setup, facts)].join('\n');
}

/** The commands of `gcloud` that make these changes, to be pasted into a shell. */
export function gcloudCommands(place: string, { changes, opened }: BucketSetup): string {
  const commands = changes.map(
    (change) => `${fileOf(change)}gcloud storage buckets update ${place} ${change.gcloud.flags}\n`,
  );
  if (opened) {
    commands.push(`gcloud storage buckets add-iam-policy-binding ${place} --member=allUsers --role=${readerRole}\n`);
  }
  return commands.join('');
}

function headline({ changes, opened }: BucketSetup, { place, isDryRun }: SetupFacts): string {
  const count = changes.length + (opened ? 1 : 0);
  if (count === 0) return `${place} is prepared; nothing had to be changed.\n`;
  const settings = `${count} setting${count === 1 ? '' : 's'}`;
  return isDryRun ? `${place}: ${settings} would be changed.\n` : `${place}: ${settings} changed.\n`;
}

function table({ changes, opened }: BucketSetup): string[] {
  const rows = changes.map(({ setting, why }) => `  ${setting.padEnd(9)}  ${why}`);
  if (opened) rows.push('  public     everybody may read and list the whole bucket');
  return rows.length === 0 ? [] : [...rows, ''];
}

function notes({ warnings }: BucketSetup, { isPublic }: SetupFacts): string[] {
  const left = isPublic ? [] : ['Who may read it was left as it is; --public lets everybody.'];
  const lines = [...warnings.map((warning) => `warning: ${warning}`), ...left];
  return lines.length === 0 ? [] : [...lines, ''];
}

function byHand(setup: BucketSetup, { place }: SetupFacts): string[] {
  const commands = gcloudCommands(place, setup);
  return commands === '' ? [] : ['The same with gcloud:', '', commands];
}

/** A file of settings takes the place of all that is set: it holds what was there as well. */
function fileOf({ gcloud: { file } }: BucketChange): string {
  return file === undefined ? '' : `cat > ${file.name} <<'JSON'\n${JSON.stringify(file.holds, null, 2)}\nJSON\n`;
}
