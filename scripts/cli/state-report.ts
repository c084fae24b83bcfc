import type { Carried } from '../../lib/adapters/state/sync-state.ts';
import type { Context } from './context.ts';

/** What `state pull` and `state push` say of what became of each document. */
export function carriedReport(direction: 'pull' | 'push', carried: Carried, format: Context['format']): string {
  if (format !== 'json') return textReport(direction, carried);
  const { place, commit = null, changed, origins, entries, joined } = carried;
  const report = {
    place,
    commit,
    changed,
    documents: origins,
    audit_entries: entries,
    audit_entries_rechained: joined,
  };
  return `${JSON.stringify(report)}\n`;
}

function textReport(direction: 'pull' | 'push', carried: Carried): string {
  const { place, commit, changed, entries, joined } = carried;
  if (commit === undefined) return missing[direction](place);
  const heading = changed ? headings[direction](place, commit) : unchanged[direction](place);
  const kept = direction === 'pull' ? keptNote(carried) : '';
  const rechained = joined === 0 ? '' : `, ${joined} of the folder's chained anew after the branch's`;
  const lines = Object.entries(carried.origins).map(([name, origin]) => row(name, words[origin]));
  return `${heading}\n\n${lines.join('')}${row('audit log', `${count(entries, 'entry', 'entries')}${rechained}`)}${kept}`;
}

const missing = {
  pull: (place: string) =>
    `There is no ${place} yet, so there is nothing to pull. The first \`candor state push\` makes it.\n`,
  push: (place: string) => `The folder holds no state yet, so there is nothing to push to ${place}.\n`,
} as const;

const headings = {
  pull: (place: string, commit: string) => `Pulled ${place}, commit ${commit.slice(0, 12)}.`,
  push: (place: string, commit: string) => `Pushed to ${place}, commit ${commit.slice(0, 12)}.`,
} as const;

const unchanged = {
  pull: (place: string) => `Nothing new on ${place}.`,
  push: (place: string) => `Nothing to push: ${place} has it all.`,
} as const;

const words: Readonly<Record<Carried['origins']['probes'], string>> = {
  same: 'the same on both',
  folder: 'from the folder',
  branch: 'from the branch',
  merged: 'changed on both, merged',
  gone: 'discarded on one side, so on both',
  none: 'there is none',
};

/** What a person should know after a pull: the folder says more than the branch. */
function keptNote({ origins }: Carried): string {
  const ahead = Object.values(origins).some((origin) => origin === 'folder' || origin === 'merged');
  return ahead ? '\nThe folder has changes that were not pushed: candor state push\n' : '';
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(12)}${text}\n`;
}

function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
