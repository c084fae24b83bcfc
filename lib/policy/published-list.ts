import type { IndexedIncident, PublishedFile, PublishedFiles, RetiredFile } from '../schema/publish.ts';

/** What `.candor/files-….json` says, by path: it is looked into often, and has tens of thousands of paths. */
export interface PublishedList {
  readonly site: string;
  readonly files: ReadonlyMap<string, PublishedFile>;
  readonly retired: ReadonlyMap<string, RetiredFile>;
  readonly incidents: readonly IndexedIncident[];
}

/** The list that was stored. */
export function listOf({ site, files, retired, incidents }: PublishedFiles): PublishedList {
  return { site, files: new Map(Object.entries(files)), retired: new Map(Object.entries(retired)), incidents };
}

/** The list as it is stored: JSON of a `PublishedFiles`, in the order of the list. */
export function listText({ site, files, retired, incidents }: PublishedList): string {
  const fields = [
    '"format":1',
    `"site":${JSON.stringify(site)}`,
    `"files":${recordText(files)}`,
    `"retired":${recordText(retired)}`,
    `"incidents":${JSON.stringify(incidents)}`,
  ];
  return `{${fields.join(',')}}\n`;
}

/** An object of so many fields would be made for nothing but to be written. */
function recordText(values: ReadonlyMap<string, PublishedFile | RetiredFile>): string {
  const fields = Array.from(values, ([path, value]) => `${JSON.stringify(path)}:${JSON.stringify(value)}`);
  return `{${fields.join(',')}}`;
}
