import { type PublishStage, snapshotFile } from '../../lib/policy/publish-order.ts';
import type { PublishPlan } from '../../lib/policy/publish-plan.ts';
import type { Edition } from '../../lib/schema/publish.ts';
import type { PublishResult } from '../pipeline/publish-site.ts';
import type { Context } from './context.ts';
import type { SnapshotResult } from './publish-snapshot.ts';
import { kindNames } from './redaction-rules.ts';

type Result = PublishResult | SnapshotResult;

/** What is said of a publish besides what it came to. */
export interface PublishedTo {
  readonly place: string;
  readonly seconds: number;
  readonly now: Date;
}

/** What a publish came to, for people or for programs. */
export function publishReport(result: Result, to: PublishedTo, format: Context['format']): string {
  if (format === 'json') return `${JSON.stringify(jsonReport(result, to), null, 2)}\n`;
  if (format === 'github' && result.kind === 'held') {
    const lines = result.findings.map(
      ({ path, kind }) => `::error title=last gate::${path} holds ${kindNames[kind]}.\n`,
    );
    return lines.join('');
  }
  return textReport(result, to);
}

function textReport(result: Result, { place, seconds, now }: PublishedTo): string {
  switch (result.kind) {
    case 'published':
      return publishedText(result, place, seconds);
    case 'snapshot':
      return `Published current.json to ${place} (${sizeOf(result.bytes)}), in ${seconds.toFixed(1)} s.\n`;
    case 'unchanged':
      return `Nothing to add: ${place} has all of it.\n`;
    case 'superseded':
      return supersededText(result.by, place, now);
    case 'planned':
      return planText(result.plan, place);
    case 'held':
      return heldText(result.findings, place);
  }
}

function publishedText(
  { plan, uploaded, bytes, removed, undeleted }: Extract<PublishResult, { kind: 'published' }>,
  place: string,
  seconds: number,
): string {
  const deleted = removed === 0 ? '' : `, ${count(removed, 'file')} deleted`;
  const line = `Published to ${place}: ${count(uploaded, 'file')} uploaded (${sizeOf(bytes)}), ${plan.unchanged.toLocaleString('en')} unchanged${deleted}, in ${seconds.toFixed(1)} s.\n`;
  if (undeleted.length === 0) return line;
  const list = undeleted.slice(0, mostShown).map((one) => `  ${one}\n`);
  return `${line}${count(undeleted.length, 'file')} could not be deleted; the next publish tries again:\n${list.join('')}`;
}

function supersededText(by: Edition, place: string, now: Date): string {
  const commit = by.commit === undefined ? '' : `commit ${by.commit.slice(0, 12)}, `;
  const line = `Nothing to add: a newer build (${commit}built at ${by.built_at}) is published in ${place}, or on its way there.\n`;
  const isFuture = Date.parse(by.built_at) > now.getTime() + 60_000;
  const fix = isFuture
    ? 'It is dated later than the clock says. If that clock was wrong, a'
    : 'If this one is right, a';
  return `${line}${fix}dd --replace-newer.\n`;
}

/** Files of a stage that a plan shows by name. */
const mostShown = 10;

function planText({ stages, placeholder, retire, remove, unchanged }: PublishPlan, place: string): string {
  const [assets, others] = [true, false].map((isAsset) =>
    stages.filter(({ name }) => assetStages.has(name) === isAsset).flatMap(stageText),
  );
  const first = placeholder ? section('current.json, which says that nothing is known yet', [snapshotFile]) : [];
  const uploads = [...(assets ?? []), ...first, ...(others ?? [])];
  const rest = [
    ...section(`no longer part of the page, deleted by a later publish`, retire),
    ...section(
      'deleted now',
      remove.map(({ path }) => path),
    ),
  ];
  const lines = uploads.length + rest.length === 0 ? ['  nothing\n'] : [...uploads, ...rest];
  return `A publish to ${place} would do this, in this order:\n${lines.join('')}${count(unchanged, 'file')} would stay as ${unchanged === 1 ? 'it is' : 'they are'}. Nothing was written.\n`;
}

const assetStages: ReadonlySet<string> = new Set<PublishStage>(['hashed assets', 'other assets']);

function stageText({ name, puts }: PublishPlan['stages'][number]): string[] {
  return section(
    name,
    puts.map(({ path }) => path),
  );
}

function section(name: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const more = paths.length - mostShown;
  return [
    `  ${name} (${paths.length.toLocaleString('en')})\n`,
    ...paths.slice(0, mostShown).map((path) => `    ${path}\n`),
    ...(more > 0 ? [`    and ${more.toLocaleString('en')} more\n`] : []),
  ];
}

function heldText(findings: Extract<PublishResult, { kind: 'held' }>['findings'], place: string): string {
  const lines = findings.map(({ path, kind }) => `  ${path} holds ${kindNames[kind]}\n`);
  return `Nothing was published to ${place}, because something in it must not be public:\n${lines.join('')}Take it out of the content (\`candor check\` finds where it stands), build again, then publish again.\n`;
}

function jsonReport(result: Result, { place, seconds }: PublishedTo): object {
  const base = { outcome: result.kind, to: place, seconds: Number(seconds.toFixed(3)) };
  switch (result.kind) {
    case 'published': {
      const { plan, uploaded, bytes, removed, undeleted, sequence } = result;
      return {
        ...base,
        uploaded,
        unchanged: plan.unchanged,
        removed,
        bytes,
        sequence,
        edition: plan.edition,
        undeleted,
      };
    }
    case 'snapshot':
      return { ...base, uploaded: 1, bytes: result.bytes, edition: result.edition };
    case 'unchanged':
      return {
        ...base,
        uploaded: 0,
        unchanged: result.plan.unchanged,
        removed: 0,
        bytes: 0,
        sequence: result.sequence,
      };
    case 'superseded':
      return { ...base, by: result.by };
    case 'planned':
      return { ...base, plan: result.plan };
    case 'held':
      return { ...base, findings: result.findings };
  }
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return count(bytes, 'byte');
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${value.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
