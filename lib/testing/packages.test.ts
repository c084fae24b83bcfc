import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../..', import.meta.url);

/** What this test reads of a manifest or of an entry of the lock. */
interface Manifest {
  readonly version?: string;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optional?: boolean;
  readonly peer?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

const manifest: Manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const lock: { readonly packages: Readonly<Record<string, Manifest>> } = JSON.parse(
  readFileSync(new URL('package-lock.json', root), 'utf8'),
);

const direct = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies };

test('no package of ours is optional: npm leaves those out, without a word, that are not for the Node of the machine', () => {
  expect(manifest.optionalDependencies).toBeUndefined();
});

test('every version is exact, and the lock has that version', () => {
  const inexact = Object.entries(direct).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version));
  expect(inexact).toEqual([]);
  const locked = Object.keys(direct).map((name) => [name, lock.packages[`node_modules/${name}`]?.version]);
  expect(Object.fromEntries(locked)).toEqual(direct);
});

test('the lock names no place to download from', () => {
  const resolved = Object.values(lock.packages).flatMap((entry) => entry.resolved ?? []);
  expect(resolved.filter((place) => place.includes('://'))).toEqual([]);
});

test('the lock names the packages of every platform, so that `npm ci` works on each', () => {
  const missing = Object.entries(lock.packages).flatMap(([at, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`${at}/node_modules/${name}` in lock.packages) && !(`node_modules/${name}` in lock.packages),
    ),
  );
  expect(missing).toEqual([]);
});

/** Where the lock keeps what a package at a place gets by a name: beside it, or in one of the folders above. */
function placeOf(name: string, at: string): string | undefined {
  const folders = [at, ...[...at.matchAll(/\/?node_modules\//g)].map(({ index }) => at.slice(0, index)).reverse()];
  const places = folders.map((folder) => `${folder}${folder === '' ? '' : '/'}node_modules/${name}`);
  return [...places, `node_modules/${name}`].find((place) => place in lock.packages);
}

test('no package that the commands need is marked as one that a light install leaves out', () => {
  const needed = new Set<string>();
  const queue = Object.keys(manifest.dependencies ?? {}).map((name) => ({ name, at: '' }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const place = placeOf(next.name, next.at);
    if (place === undefined) throw new Error(`The lock has no ${next.name} for ${next.at || 'this package'}.`);
    if (needed.has(place)) continue;
    needed.add(place);
    for (const name of Object.keys(lock.packages[place]?.dependencies ?? {})) queue.push({ name, at: place });
  }
  const leftOut = [...needed].filter((place) => {
    const { optional, dev, devOptional, peer } = lock.packages[place] ?? {};
    return optional || dev || devOptional || peer;
  });
  expect(leftOut).toEqual([]);
});
