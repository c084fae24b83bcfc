import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editionAt } from '../testing/small-site.ts';
import { retiredObjectMinutes } from './constants.ts';
import { editionOf } from './edition.ts';
import { filesAfter, isNewer, type Published, planPublish } from './publish-plan.ts';

const now = new Date('2026-11-21T09:00:00Z');
const edition = editionAt(0);
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

/** A target that holds these files, all with generation 7. */
function holding(hashes: Readonly<Record<string, string>>, retired: Readonly<Record<string, string>> = {}): Published {
  return {
    files: new Map(Object.entries(hashes).map(([path, hash]) => [path, { hash, generation: '7' }])),
    retired: new Map(Object.entries(retired).map(([path, at]) => [path, { generation: '5', at }])),
  };
}

const files = (hashes: Readonly<Record<string, string>>) => new Map(Object.entries(hashes));

test('what is named goes before what names it, and the snapshot last', () => {
  const published = holding({ 'history/index.html': 'a', 'index.html': 'a', 'api/x.json': 'a', 'current.json': 'a' });
  const plan = planPublish(
    published,
    files({
      'current.json': 'b',
      'index.html': 'b',
      'history/index.html': 'b',
      'history/2026-11/index.html': 'b',
      'components/tills/index.html': 'b',
      'incidents/one/index.html': 'b',
      'api/x.json': 'b',
      'api/y.json': 'b',
      'marks/page.svg': 'b',
      '_astro/page.js': 'b',
      '404.html': 'b',
    }),
    edition,
    now,
  );
  expect(plan.stages.map(({ name, puts }) => [name, ...puts.map(({ path, replaces }) => [path, replaces])])).toEqual([
    ['hashed assets', ['_astro/page.js', undefined]],
    ['other assets', ['marks/page.svg', undefined]],
    ['new incident pages', ['incidents/one/index.html', undefined]],
    ['new component pages', ['components/tills/index.html', undefined]],
    ['new history pages', ['history/2026-11/index.html', undefined]],
    ['other new pages', ['404.html', undefined]],
    ['changed pages', ['history/index.html', '7']],
    ['front page', ['index.html', '7']],
    ['new JSON', ['api/y.json', undefined]],
    ['changed JSON', ['api/x.json', '7']],
    ['current.json', ['current.json', '7']],
  ]);
});

test.each<[string, Published | undefined, boolean]>([
  ['nothing', undefined, true],
  ['a page', holding({ 'current.json': 'a' }), false],
  ['a snapshot that waits to be deleted', holding({}, { 'current.json': minutesAgo(5) }), false],
])(
  'whether a target that has %s needs something that stands for the first snapshot: %s',
  (_what, published, expected) => {
    expect(planPublish(published, files({ 'current.json': 'b' }), edition, now).placeholder).toBe(expected);
  },
);

test('what has the same hash stays, unless somebody else may still write it', () => {
  const same = { 'a.html': 'x', 'b.html': 'x' };
  const plan = planPublish({ ...holding(same), uncertain: new Set(['b.html']) }, files(same), edition, now);
  expect(plan).toEqual({
    edition,
    stages: [{ name: 'changed pages', puts: [{ path: 'b.html', hash: 'x', replaces: '7' }] }],
    placeholder: false,
    retire: [],
    remove: [],
    unchanged: 1,
  });
});

test('what the page no longer has is retired, and deleted an hour later', () => {
  const published = holding(
    { 'old.html': 'x' },
    { 'due.css': minutesAgo(retiredObjectMinutes), 'young.css': minutesAgo(retiredObjectMinutes - 1) },
  );
  const plan = planPublish(published, new Map(), edition, now);
  expect([plan.retire, plan.remove]).toEqual([['old.html'], [{ path: 'due.css', generation: '5' }]]);
  expect(
    filesAfter(plan, published, { files: new Map(), written: new Map(), removed: new Set(['due.css']), now }),
  ).toEqual({
    files: new Map(),
    retired: new Map([
      ['old.html', { generation: '7', at: now.toISOString() }],
      ['young.css', { generation: '5', at: minutesAgo(retiredObjectMinutes - 1) }],
    ]),
  });
});

test('pages are deleted before what they load, which waits for younger pages too', () => {
  const [old, young] = [minutesAgo(90), minutesAgo(10)];
  const both = planPublish(holding({}, { 'a.css': old, 'z.html': old }), new Map(), edition, now);
  expect(both.remove.map(({ path }) => path)).toEqual(['z.html', 'a.css']);
  const page = planPublish(holding({}, { 'a.css': old, 'y.html': old, 'z.html': young }), new Map(), edition, now);
  expect(page.remove.map(({ path }) => path)).toEqual(['y.html']);
});

test('what an unfinished page may load stays as long as the page', () => {
  const published = {
    ...holding({ 'begun.html': 'x' }, { 'a.css': minutesAgo(90) }),
    unfinished: new Set(['begun.html']),
  };
  const plan = planPublish(published, new Map(), edition, now);
  expect([plan.retire, plan.remove]).toEqual([['begun.html'], []]);
});

test('what comes back takes the place of what waits to be deleted', () => {
  const published = holding({}, { 'a.html': minutesAgo(90) });
  const plan = planPublish(published, files({ 'a.html': 'x' }), edition, now);
  expect([plan.stages, plan.remove]).toEqual([
    [{ name: 'returning pages', puts: [{ path: 'a.html', hash: 'x', replaces: '5' }] }],
    [],
  ]);
});

test('pages that the public cannot come to yet are replaced before a page leads to them', () => {
  const published = {
    ...holding(
      { 'history/index.html': 'a', 'incidents/begun/index.html': 'a' },
      { 'incidents/old/index.html': now.toISOString() },
    ),
    unfinished: new Set(['incidents/begun/index.html']),
  };
  const wanted = [
    'history/index.html',
    'incidents/begun/index.html',
    'incidents/new/index.html',
    'incidents/old/index.html',
  ];
  const plan = planPublish(published, files(Object.fromEntries(wanted.map((path) => [path, 'b']))), edition, now);
  expect(plan.stages.map(({ name, puts }) => [name, ...puts.map(({ path }) => path)])).toEqual([
    ['new incident pages', 'incidents/new/index.html'],
    ['returning pages', 'incidents/old/index.html'],
    ['unfinished pages', 'incidents/begun/index.html'],
    ['changed pages', 'history/index.html'],
  ]);
});

test('what a wrong clock retired in the future counts from now', () => {
  const published = holding({}, { 'a.css': '2031-01-01T00:00:00.000Z' });
  const plan = planPublish(published, new Map(), edition, now);
  const after = filesAfter(plan, published, { files: new Map(), written: new Map(), removed: new Set(), now });
  expect(after.retired).toEqual(new Map([['a.css', { generation: '5', at: now.toISOString() }]]));
});

const someFiles = fc.dictionary(
  fc.constantFrom('a.html', 'b.html', 'c.css', 'd.json', 'current.json'),
  fc.constantFrom('x', 'y'),
  {
    noNullPrototype: true,
  },
);

test('a plan leaves exactly the files that are wanted, and then there is nothing to do', () => {
  fc.assert(
    fc.property(someFiles, someFiles, (before, after) => {
      const published = holding(before);
      const plan = planPublish(published, files(after), edition, now);
      const puts = plan.stages.flatMap((stage) => stage.puts);
      const written = new Map(puts.map(({ path, hash }) => [path, { hash, generation: '8' }]));
      const done = filesAfter(plan, published, { files: files(after), written, removed: new Set(), now });
      expect(new Map(Array.from(done.files, ([path, { hash }]) => [path, hash]))).toEqual(files(after));
      expect(planPublish(done, files(after), edition, now)).toMatchObject({ stages: [], retire: [], remove: [] });
    }),
  );
});

test('the later commit is newer, and of one commit the later build', () => {
  const commit = { id: 'a'.repeat(40), at: new Date('2026-11-21T08:00:00Z') };
  const early = editionOf(commit, new Date('2026-11-21T08:10:00Z'));
  const late = editionOf(commit, new Date('2026-11-21T08:20:00Z'));
  const next = editionOf({ ...commit, at: new Date('2026-11-21T08:15:00Z') }, new Date('2026-11-21T08:16:00Z'));
  expect([isNewer(late, early), isNewer(early, late), isNewer(early, early)]).toEqual([true, false, false]);
  expect([isNewer(next, late), isNewer(late, next)]).toEqual([true, false]);
});

test('what was built before the commit was made does not come from it', () => {
  const commit = { id: 'a'.repeat(40), at: new Date('2026-11-21T08:00:00Z') };
  const built = '2026-11-21T07:59:59.000Z';
  expect(editionOf(commit, new Date(built))).toEqual({ committed_at: built, built_at: built });
  expect(editionOf(undefined, new Date(built))).toEqual({ committed_at: built, built_at: built });
  expect(editionOf(commit, commit.at)).toEqual({
    commit: commit.id,
    committed_at: '2026-11-21T08:00:00.000Z',
    built_at: '2026-11-21T08:00:00.000Z',
  });
});
