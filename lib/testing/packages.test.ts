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
}

const manifest: Manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const lock: { readonly packages: Readonly<Record<string, Manifest>> } = JSON.parse(
  readFileSync(new URL('package-lock.json', root), 'utf8'),
);

const direct = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };

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
