import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Edition } from '../schema/publish.ts';

/** The files of a small page, by path. */
export type SmallSite = ReadonlyMap<string, string>;

/** What a small page shows. `styles` is in the name of its style sheet, and in every page; incidents and components are ids. */
export interface SmallFacts {
  readonly styles: string;
  readonly incidents: readonly string[];
  readonly components: readonly string[];
  /** Words that only change their page: by path. */
  readonly words?: Readonly<Record<string, string>>;
  readonly snapshot: string;
}

/** A page as a build would make it: pages that link to each other and load assets, and JSON. */
export function smallSite({ styles, incidents, components, words = {}, snapshot }: SmallFacts): SmallSite {
  const style = `_astro/page.${styles}.css`;
  const page = (path: string, links: readonly string[]): [string, string] => [
    path,
    `<link rel="stylesheet" href="/${style}"><img src="/marks/page.svg"><p>${words[path] ?? ''}</p>${links
      .map((link) => `<a href="/${link}">${link}</a>`)
      .join('')}`,
  ];
  const incidentLinks = incidents.map((id) => `incidents/${id}/`);
  const componentLinks = components.map((id) => `components/${id}/`);
  const shared = ['', 'history/', 'current.json'];
  return new Map([
    [style, `/* ${styles} */`],
    ['marks/page.svg', '<svg/>'],
    ...incidents.map((id) => page(`incidents/${id}/index.html`, [...shared, ...componentLinks])),
    ...components.map((id) => page(`components/${id}/index.html`, [...shared, ...incidentLinks])),
    page('history/index.html', [...shared, ...incidentLinks]),
    page('404.html', shared),
    page('index.html', [...shared, ...incidentLinks, ...componentLinks]),
    ...incidents.map((id): [string, string] => [`api/v1/status/incidents/${id}.json`, JSON.stringify({ id })]),
    ['api/v1/status/incidents.json', JSON.stringify({ incidents })],
    ['current.json', JSON.stringify({ snapshot })],
  ]);
}

/** Pages that differ in everything in which a small page can. */
export const someFacts: fc.Arbitrary<SmallFacts> = fc.record({
  styles: fc.constantFrom('a', 'b'),
  incidents: fc.subarray(['one', 'two']),
  components: fc.subarray(['mail', 'tills']),
  words: fc.dictionary(fc.constantFrom('index.html', 'history/index.html', '404.html'), fc.constantFrom('x', 'y'), {
    noNullPrototype: true,
  }),
  snapshot: fc.constantFrom('s', 't'),
});

/** An edition that was committed and built that many minutes after eight. */
export function editionAt(minutes: number): Edition {
  const at = new Date(Date.UTC(2026, 10, 21, 8, minutes)).toISOString();
  return { committed_at: at, built_at: at };
}

/** The hashes of a site, as a plan takes them. */
export function hashesOf(site: SmallSite): Map<string, string> {
  return new Map(Array.from(site, ([path, text]) => [path, createHash('sha256').update(text).digest('hex')]));
}

interface Objects extends ReadonlyMap<string, { readonly bytes: Uint8Array }> {}

/**
 * What pages of a target name and is not there: `page -> file`, each once. Every page needs what it loads; where it leads
 * counts once the public can come to it, from the front page or from a page that is `known` already. (Two new pages that
 * name each other cannot both be written before the other.)
 */
export function gapsIn(objects: Objects, known: Iterable<string> = []): string[] {
  const gaps = new Set(unloadableIn(objects));
  const open = new Set(['index.html', ...known]);
  for (const path of open) {
    for (const file of namesIn(objects.get(path), 'href')) {
      if (!objects.has(file)) gaps.add(`${path} -> ${file}`);
      if (file.endsWith('.html')) open.add(file);
    }
  }
  return [...gaps].toSorted();
}

/** What pages of a target load and is not there: `page -> file`. */
export function unloadableIn(objects: Objects): string[] {
  return Array.from(objects, ([path, object]) => {
    if (!path.endsWith('.html')) return [];
    const loaded = [...namesIn(object, 'src'), ...namesIn(object, 'href').filter((file) => file.startsWith('_astro/'))];
    return loaded.filter((file) => !objects.has(file)).map((file) => `${path} -> ${file}`);
  }).flat();
}

function namesIn(page: { readonly bytes: Uint8Array } | undefined, attribute: 'href' | 'src'): string[] {
  if (page === undefined) return [];
  const names = new TextDecoder().decode(page.bytes).matchAll(new RegExp(`${attribute}="/([^"]*)"`, 'g'));
  return Array.from(names, ([, name = '']) => (name === '' || name.endsWith('/') ? `${name}index.html` : name));
}
