import type { Component } from '../schema/component.ts';
import type { Problem } from '../schema/problem.ts';
import { codeWords, idCodeWords, plainPhrases, vendors } from './naming-dictionary.ts';
import { fileStart, problem } from './rules.ts';

/** Why a name is not one for merchants, and what to write instead. */
export interface NamingVerdict {
  readonly of: 'name' | 'id';
  readonly reason: string;
  readonly suggestion: string;
}

/**
 * Judge a component's name and the id that stands in its address: names of vendors, names shaped like code, and names
 * that end in what engineers call their parts are internal. An id that only repeats a good name is as good.
 */
export function namingProblem(name: string, id: string): NamingVerdict | undefined {
  const reason = faultOfName(name);
  if (reason !== undefined) return { of: 'name', reason, suggestion: suggestionFor(name) };
  const idReason = wordsOf(name).join('-') === id ? undefined : faultOfId(id);
  if (idReason !== undefined) return { of: 'id', reason: idReason, suggestion: slug(name) || slug(suggestionFor(id)) };
  return undefined;
}

type Named = Pick<Component, 'file' | 'id' | 'positions'> & { readonly name: string | undefined };

/** The problem of a component's name or id, if there is one. */
export function namingProblems(component: Named): Problem[] {
  const verdict = namingProblem(component.name ?? '', component.id);
  if (verdict === undefined) return [];
  const at = (verdict.of === 'name' ? component.positions.get('name') : undefined) ?? fileStart;
  const fix =
    verdict.of === 'name'
      ? `Name what merchants feel, such as "${verdict.suggestion}".`
      : `Rename the file to ${verdict.suggestion}.yml, and the id in the incidents with it.`;
  return [problem('component-name', component.file, at, verdict.reason, fix)];
}

function faultOfName(name: string): string | undefined {
  const words = wordsOf(name);
  const vendor = words.find((word) => vendors.has(word));
  if (vendor !== undefined) return `The name says ${vendor}, a vendor or product that merchants need not know.`;
  const shape = shapes.find(({ pattern }) => pattern.test(name.trim()));
  if (shape !== undefined) return `The name is written like code: ${shape.what}.`;
  const last = words.at(-1) ?? '';
  if (plainPhrases.has(words.slice(-2).join(' '))) return undefined;
  const code =
    codeWords.has(last) || (last === 'api' && /[a-z]A(?:pi|PI)$|[-_.]api$/i.test(name) && !/\sAPI$/.test(name));
  return code ? `The name ends in "${last}", which is how it is built and not what merchants feel.` : undefined;
}

/** Shapes that names have in code and not on a sign. */
const shapes = [
  { pattern: /\w_\w/, what: 'words joined by underscores' },
  { pattern: /^[a-z0-9]+(?:-[a-z0-9]+)+$/, what: 'small words joined by hyphens' },
  { pattern: /^[a-z]{2,}[A-Z]/, what: 'camel case' },
  { pattern: /::|->|\(\)/, what: 'punctuation of a programming language' },
] as const;

function faultOfId(id: string): string | undefined {
  const words = wordsOf(id);
  const vendor = words.find((word) => vendors.has(word));
  if (vendor !== undefined)
    return `The id says ${vendor}, a vendor or product that merchants need not know; it stands in addresses.`;
  const last = words.at(-1) ?? '';
  if (words.length < 2 || !idCodeWords.has(last) || plainPhrases.has(words.slice(-2).join(' '))) return undefined;
  return `The id ends in "-${last}", which is how it is built and not what merchants feel; it stands in addresses.`;
}

/** The words of a name, in lower case: cut at spaces and punctuation, and where camel case begins a new one. */
function wordsOf(name: string): string[] {
  return name
    .normalize('NFKC')
    .replace(/(\p{Ll})(\p{Lu})/gu, (joined, before: string, after: string) =>
      humps(name) ? `${before} ${after}` : joined,
    )
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Whether a name is one word whose humps end in a word of code: `OrderService`, and not `GitHub` or `PostgreSQL`. */
function humps(name: string): boolean {
  const last = /\p{Ll}(\p{Lu}\p{L}*)$/u.exec(name.trim())?.[1]?.toLowerCase();
  return last !== undefined && (codeWords.has(last) || last === 'api');
}

function suggestionFor(name: string): string {
  const words = wordsOf(name);
  const felt = words.map((word) => vendors.get(word)).find((words) => words !== undefined);
  if (felt !== undefined) return felt;
  const plain = words.filter((word) => !idCodeWords.has(word));
  return plain.length === 0 ? 'Payments' : plain.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

function slug(name: string): string {
  return wordsOf(name)
    .join('-')
    .normalize('NFKD')
    .replace(/[^a-z0-9-]/g, '');
}
