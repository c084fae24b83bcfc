/**
 * The stages of a publish. What is named stands before what names it: an asset before the page that loads it, a new page
 * before those that link to it, all of them before the snapshot that tells of them. Pages that are there but that the
 * public cannot come to may name what is not there (any more, or yet), so they are replaced before a public page leads to them.
 */
export const publishStages = [
  'hashed assets',
  'other assets',
  'new incident pages',
  'new component pages',
  'new history pages',
  'other new pages',
  'returning pages',
  'unfinished pages',
  'changed pages',
  'front page',
  'new JSON',
  'changed JSON',
  'current.json',
] as const;
export type PublishStage = (typeof publishStages)[number];

/**
 * What a target has under a path: nothing, what waits to be deleted, what another publish began or somebody else left and
 * no finished edition has, or a file of the page.
 */
export type Standing = 'new' | 'retired' | 'unfinished' | 'published';

/** The file that is written last: whoever reads it finds everything that it tells of. */
export const snapshotFile = 'current.json';

/** The page that leads to all others. */
export const frontPage = 'index.html';

/** The stage in which a file is written. */
export function stageOf(path: string, standing: Standing): PublishStage {
  if (path === snapshotFile) return 'current.json';
  if (path === frontPage) return 'front page';
  if (path.startsWith('_astro/')) return 'hashed assets';
  if (path.endsWith('.json')) return standing === 'new' ? 'new JSON' : 'changed JSON';
  if (!path.endsWith('.html')) return 'other assets';
  return standing === 'new' ? newPageStage(path) : pagesThatAreThere[standing];
}

const pagesThatAreThere = {
  retired: 'returning pages',
  unfinished: 'unfinished pages',
  published: 'changed pages',
} as const satisfies Readonly<Record<Exclude<Standing, 'new'>, PublishStage>>;

/** By the first folder of their path: a month names incidents and components, an incident no month. */
const newPages: Readonly<Record<string, PublishStage>> = {
  incidents: 'new incident pages',
  components: 'new component pages',
  history: 'new history pages',
};

function newPageStage(path: string): PublishStage {
  const folder = path.slice(0, path.indexOf('/') + 1).slice(0, -1);
  return Object.hasOwn(newPages, folder) ? (newPages[folder] ?? 'other new pages') : 'other new pages';
}
