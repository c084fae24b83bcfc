import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Write `lib/testing/github-operations.json`: of GitHub's published description, the operations that we ask, without the texts
 * for people. `node scripts/dev/write-github-operations.ts FILE`, where FILE is `generated/api.github.com.json` of the package
 * `@octokit/openapi`. The whole package has 385 MB, too much for everybody who installs Candor.
 */
const asked: Readonly<Record<string, readonly string[]>> = {
  '/user': ['get'],
  '/repos/{owner}/{repo}': ['get'],
  '/repos/{owner}/{repo}/actions/workflows/{workflow_id}': ['get'],
  '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/enable': ['put'],
  '/repos/{owner}/{repo}/activity': ['get'],
  '/repos/{owner}/{repo}/collaborators/{username}/permission': ['get'],
  '/repos/{owner}/{repo}/issues/{issue_number}/labels': ['get', 'post'],
  '/repos/{owner}/{repo}/pulls': ['get', 'post'],
  '/repos/{owner}/{repo}/pulls/{pull_number}': ['get'],
  '/repos/{owner}/{repo}/pulls/{pull_number}/files': ['get'],
  '/repos/{owner}/{repo}/pulls/{pull_number}/reviews': ['get'],
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What is said to people, and what says nothing of the values, where it is no property of that name. */
const words: ReadonlySet<string> = new Set([
  'description',
  'summary',
  'example',
  'examples',
  'externalDocs',
  'title',
  'headers',
  'links',
]);

const [, , file] = process.argv;
if (file === undefined) throw new Error('Name api.github.com.json of @octokit/openapi.');
const whole: Json = JSON.parse(readFileSync(file, 'utf8'));

const paths: Record<string, Record<string, Json>> = {};
for (const [path, methods] of Object.entries(asked)) {
  for (const method of methods) {
    const operation = at(whole, ['paths', path, method]);
    paths[path] = { ...paths[path], [method]: bare(pick(operation, ['parameters', 'requestBody', 'responses'])) };
  }
}
const parts: Record<string, Record<string, Json>> = {};
const waiting = references(paths);
for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
  const [, , kind = '', id = ''] = name.split('/');
  if (parts[kind]?.[id] !== undefined) continue;
  const part = bare(at(whole, ['components', kind, id]));
  parts[kind] = { ...parts[kind], [id]: part };
  waiting.push(...references(part));
}
const sorted = Object.fromEntries(
  Object.entries(parts).map(([kind, some]) => [
    kind,
    Object.fromEntries(Object.entries(some).sort(([a], [b]) => (a < b ? -1 : 1))),
  ]),
);
const target = new URL('../../lib/testing/github-operations.json', import.meta.url);
writeFileSync(target, `${JSON.stringify({ paths, components: sorted }, null, 2)}\n`);

function at(value: Json, keys: readonly string[]): Json {
  return keys.reduce((inner, key) => {
    const next = isObject(inner) ? inner[key] : undefined;
    if (next === undefined) throw new Error(`The description has no ${keys.join(' ')}.`);
    return next;
  }, value);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pick(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(isObject(value) ? value : {}).filter(([key]) => keys.includes(key)));
}

/** The value without words for people; `isNames`: its keys are names that somebody chose. */
function bare(value: Json, isNames = false): Json {
  if (Array.isArray(value)) return value.map((one) => bare(one));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isNames || !(words.has(key) || key.startsWith('x-')))
      .map(([key, inner]) => [key, bare(inner, !isNames && key === 'properties')]),
  );
}

function references(value: Json): string[] {
  return [...new Set(Array.from(JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g), ([, name = '']) => name))];
}
