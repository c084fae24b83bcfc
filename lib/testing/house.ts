import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

/** The rooms in the one direction in which imports point: each may use itself and those before it. */
const order = ['schema', 'policy', 'content', 'snapshot', 'subscriptions', 'adapters', 'doors'] as const;

/** A room of the house; `testing` and `bench` (with `scripts/dev/`) stand beside the order and never run in production. */
type Room = (typeof order)[number] | 'testing' | 'bench';

/** A text file of the repository; `path` is relative to it, with forward slashes. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

const ignored = new Set(['.git', '.astro', '.cache', '.state', 'node_modules', 'dist', 'coverage', '.vitest']);
const binary = /\.(?:png|ico|woff2|wasm)$/;

/** Every text file of the repository at `root`, without what is generated or installed. */
export function repositoryTexts(root: string): SourceText[] {
  return pathsUnder(root, '').map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function pathsUnder(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (ignored.has(entry.name)) return [];
    if (entry.isDirectory()) return pathsUnder(root, path);
    return entry.isFile() && !binary.test(entry.name) ? [path] : [];
  });
}

/** Whether the file holds code that runs in production: TypeScript or Astro of the engine and its doors. */
export function isProduct(path: string): boolean {
  return /^(?:lib|site|scripts)\/.*\.(?:ts|astro)$/.test(path) && !isTest(path);
}

/** Whether the file runs under the test command only. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || roomOf(path) === 'testing';
}

/** Every import of the file that points against the direction, as `path -> target`. */
export function wrongImports(file: SourceText): string[] {
  const from = roomOf(file.path);
  if (from === undefined || isTest(file.path)) return [];
  return localImports(file)
    .filter((target) => !mayImport(from, roomOf(target)))
    .map((target) => `${file.path} -> ${target}`);
}

function mayImport(from: Room, to: Room | undefined): boolean {
  if (to === undefined) return true;
  if (from === 'bench') return true;
  if (to === 'testing' || to === 'bench') return from === to;
  return from !== 'testing' && order.indexOf(to) <= order.indexOf(from);
}

function roomOf(path: string): Room | undefined {
  const [top, second] = path.split('/');
  if (top === 'bench' || path.startsWith('scripts/dev/')) return 'bench';
  if (top === 'site' || top === 'scripts') return 'doors';
  if (top !== 'lib') return undefined;
  if (second === 'testing') return 'testing';
  return order.find((room) => room === second && room !== 'doors');
}

function localImports({ path, text }: SourceText): string[] {
  return ts
    .preProcessFile(codeOf(path, text), true, true)
    .importedFiles.map((imported) => imported.fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.join(dirname(path), name));
}

/** The TypeScript of a file: of a template, what stands between its fences. */
function codeOf(path: string, text: string): string {
  return path.endsWith('.astro') ? (text.split(/^---$/m)[1] ?? '') : text;
}

const forbiddenOfProcess = new Set(['env', 'argv', 'exit', 'exitCode', 'stdin', 'stdout', 'stderr', 'hrtime', 'cwd']);

/** What a file takes from the world that only a door may: environment, arguments, clock, printing; as `path:line what`. */
export function worldlyUses(file: SourceText): string[] {
  const source = ts.createSourceFile(file.path, codeOf(file.path, file.text), ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const use = worldlyUse(node);
    if (use !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${file.path}:${line + 1} ${use}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function worldlyUse(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node)) {
    const isClock = ts.isIdentifier(node.expression) && node.expression.text === 'Date' && !node.arguments?.length;
    return isClock ? 'new Date()' : undefined;
  }
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const [object, property] = [node.expression.text, node.name.text];
  const isWorldly =
    object === 'console' ||
    ((object === 'Date' || object === 'performance') && property === 'now') ||
    (object === 'process' && forbiddenOfProcess.has(property));
  return isWorldly ? `${object}.${property}` : undefined;
}
