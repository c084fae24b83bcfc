/**
 * The stages of a publish. What is named stands before what names it: an asset before the page that loads it, a new page
 * before those that link to it, all of them before the snapshot that tells of them.
 */
export const publishStages = [
  'hashed assets',
  'other assets',
  'new incident pages',
  'new component pages',
  'new history pages',
  'other new pages',
  'changed pages',
  'front page',
  'new JSON',
  'changed JSON',
  'current.json',
] as const;
export type PublishStage = (typeof publishStages)[number];

/** The file that is written last: whoever reads it finds everything that it tells of. */
export const snapshotFile = 'current.json';

/** The stage in which a file is written. */
export function stageOf(path: string, isNew: boolean): PublishStage {
  if (path === snapshotFile) return 'current.json';
  if (path === 'index.html') return 'front page';
  if (path.startsWith('_astro/')) return 'hashed assets';
  if (path.endsWith('.json')) return isNew ? 'new JSON' : 'changed JSON';
  if (!path.endsWith('.html')) return 'other assets';
  return isNew ? newPageStage(path) : 'changed pages';
}

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
