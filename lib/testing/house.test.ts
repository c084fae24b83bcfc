import { describe, expect, test } from 'vitest';
import { isProduct, isTest, repositoryTexts, worldlyUses, wrongImports } from './house.ts';

const root = new URL('../..', import.meta.url).pathname;
const texts = repositoryTexts(root);
const product = texts.filter(({ path }) => isProduct(path));

/** Files that are longer than the house likes, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {};

test('imports point one way: schema, policy, content, snapshot, subscriptions, adapters, then the doors', () => {
  expect(product.length).toBeGreaterThan(20);
  expect(texts.flatMap(wrongImports)).toEqual([]);
});

test('only the doors read the environment, the arguments and the clock, or print', () => {
  const engine = product.filter(({ path }) => path.startsWith('lib/'));
  expect(engine.flatMap(worldlyUses)).toEqual([]);
});

test('the site knows content by the snapshot alone', () => {
  const fromContent = product.filter(({ path, text }) => path.startsWith('site/') && /lib\/content\//.test(text));
  expect(fromContent.map(({ path }) => path)).toEqual([]);
});

test('the engine and its doors do not know the sample', () => {
  const sample = texts.filter(({ path }) => /^(?:incidents|components)\/|^status\.config\.yml$/.test(path));
  const ids = sample.map(({ path }) => path.replace(/^.*\/|\.\w+$/g, ''));
  const phrases = sample.flatMap(({ path, text }) => phrasesOf(path, text)).concat(ids.filter((id) => /^\d/.test(id)));
  const known = product.flatMap(({ path, text }) =>
    phrases.filter((p) => text.includes(p)).map((p) => `${path}: ${p}`),
  );
  expect(phrases.length).toBeGreaterThan(20);
  expect(known).toEqual([]);
});

/** What only the sample says: titles, descriptions, and the page's name and addresses. */
function phrasesOf(path: string, text: string): string[] {
  const keys = path.startsWith('status') ? 'name|url|support_email|description' : 'title|description';
  return [...text.matchAll(new RegExp(`^(?:${keys}): (.+)$`, 'gm'))].map(([, value = '']) => value);
}

test('a file has one concept and so at most 260 lines', () => {
  const long = product.filter(({ text }) => text.split('\n').length > 261).map(({ path }) => path);
  expect(long).toEqual(Object.keys(longFiles));
});

test('file names are kebab-case', () => {
  const odd = product.filter(
    ({ path }) => !/\/(?:\[[a-z]+\]|[a-z0-9]+(?:-[a-z0-9]+)*)(?:\.d)?\.(?:ts|astro)$/.test(path),
  );
  expect(odd.map(({ path }) => path)).toEqual([]);
});

test('no file names a folder of somebody’s machine or a package registry', () => {
  const traces = /(?<![\w.$}>])\/(?:home|root|Users|work|tmp)\/[a-z]|\bregistry\.[a-z]+\.(?:org|com)|verdaccio/i;
  const found = texts.filter(({ path, text }) => !isTest(path) && traces.test(text)).map(({ path }) => path);
  expect(found).toEqual([]);
});

describe('the rules find what breaks them', () => {
  const imports = (path: string, target: string) => wrongImports({ path, text: `import { x } from '${target}';\n` });

  test.each([
    ['lib/policy/a.ts', '../schema/b.ts'],
    ['lib/adapters/a.ts', '../subscriptions/b.ts'],
    ['lib/content/a.ts', './b.ts'],
    ['site/pages/a.ts', '../../lib/snapshot/b.ts'],
    ['scripts/commands/a.ts', '../../lib/adapters/b.ts'],
    ['lib/policy/a.test.ts', '../testing/b.ts'],
    ['bench/a.ts', '../lib/adapters/b.ts'],
    ['lib/content/a.ts', 'unified'],
  ])('%s may import %s', (path, target) => expect(imports(path, target)).toEqual([]));

  test.each([
    ['lib/schema/a.ts', '../policy/b.ts', 'lib/policy/b.ts'],
    ['lib/policy/a.ts', '../content/b.ts', 'lib/content/b.ts'],
    ['lib/subscriptions/a.ts', '../adapters/b.ts', 'lib/adapters/b.ts'],
    ['lib/adapters/a.ts', '../../scripts/b.ts', 'scripts/b.ts'],
    ['lib/policy/a.ts', '../testing/b.ts', 'lib/testing/b.ts'],
    ['scripts/a.ts', '../bench/b.ts', 'bench/b.ts'],
  ])('%s may not import %s', (path, target, resolved) =>
    expect(imports(path, target)).toEqual([`${path} -> ${resolved}`]),
  );

  test('types, re-exports, late imports and templates count as imports', () => {
    const text =
      "import type { A } from '../content/a.ts';\nexport * from '../content/b.ts';\nawait import('../content/c.ts');\n";
    expect(wrongImports({ path: 'lib/schema/x.ts', text })).toEqual([
      'lib/schema/x.ts -> lib/content/a.ts',
      'lib/schema/x.ts -> lib/content/b.ts',
      'lib/schema/x.ts -> lib/content/c.ts',
    ]);
    const template =
      "---\nimport { x } from '../../lib/testing/b.ts';\n---\n<p>import { y } from '../../bench/c.ts'</p>\n";
    expect(wrongImports({ path: 'site/pages/x.astro', text: template })).toEqual([
      'site/pages/x.astro -> lib/testing/b.ts',
    ]);
  });

  test.each([
    ['process.env["A"]', ['x.ts:1 process.env']],
    ['const a = process.argv;', ['x.ts:1 process.argv']],
    ['process.exitCode = 1;', ['x.ts:1 process.exitCode']],
    ['\nconsole.log(1);', ['x.ts:2 console.log']],
    ['const a = Date.now();', ['x.ts:1 Date.now']],
    ['const a = new Date();', ['x.ts:1 new Date()']],
    ['const a = new Date(0);', []],
    ['// process.env and new Date()', []],
    ['const a = "Date.now()";', []],
    ['const a = process.pid;', []],
  ])('%j takes from the world: %j', (text, expected) => expect(worldlyUses({ path: 'x.ts', text })).toEqual(expected));
});
