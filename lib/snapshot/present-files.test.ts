import { expect, test } from 'vitest';
import { presentFiles } from '../policy/bucket-plan.ts';
import { compileRedactionRules } from '../policy/redaction.ts';
import { component, content, incident, instant } from '../testing/builders.ts';
import { documentsOf } from './documents.ts';
import { noObservations } from './observations.ts';
import { pagesOf } from './pages.ts';
import { buildPublicModel } from './public-model.ts';

const open = incident();
const resolved = incident({
  id: '2026-10-31-slow-reports',
  startedAt: '2026-10-31T23:50:00Z',
  updates: [{ at: '2026-11-01T00:20:00Z', state: 'resolved' }],
});

/** Every file of the page, and all that it is made of. */
function filesAt(now: string): Map<string, string> {
  const rendered = new Map([['We are looking into it.', { html: '<p>Looking.</p>', text: 'Looking.' }]]);
  const redaction = compileRedactionRules({ names: [], hosts: [], patterns: [] });
  const built = content({ components: [component()], incidents: [open, resolved] });
  const model = buildPublicModel({
    content: built,
    rendered,
    observations: noObservations,
    redaction,
    now: instant(now),
  });
  return new Map([
    ...pagesOf(model).map(({ path, page }) => [fileOf(path), JSON.stringify(page)] as const),
    ...documentsOf(model).map(({ path, value }) => [path.slice(1), JSON.stringify(value)] as const),
  ]);
}

function fileOf(path: string): string {
  return `${path}${path.endsWith('/') ? 'index.html' : ''}`.slice(1);
}

const covered = (file: string) => presentFiles.some((name) => file.startsWith(name));

test('what the rule of a bucket deletes when a pipeline has died is what every publish writes anew', () => {
  const [before, after] = [filesAt('2026-11-20T10:00:00Z'), filesAt('2026-11-20T11:00:00Z')];
  const changed = [...after.keys()].filter((file) => after.get(file) !== before.get(file));
  // The page of an open incident changes as well; it is a permalink, and stays.
  const permalinks = ['incidents/2026-11-20-card-payments/index.html'];
  expect(changed.filter((file) => !covered(file))).toEqual(permalinks);
  expect([...after.keys()].filter((file) => covered(file) && !changed.includes(file))).toEqual([]);
});

test('every name in the rule stands for a file', () => {
  const files = [...filesAt('2026-11-20T10:00:00Z').keys()];
  expect(presentFiles.filter((name) => !files.some((file) => file.startsWith(name)))).toEqual([]);
});
