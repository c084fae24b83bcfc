import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { PageData } from '../snapshot/page-data.ts';
import type { EndpointFacts, Refusal } from '../subscriptions/endpoint-call.ts';
import { Failure } from './failure.ts';
import { exists, hashFiles, removeOld } from './tree.ts';

/** The templates, compiled: they turn page data into HTML and never see the content itself. */
export interface CompiledSite {
  /** A page as HTML; `path` as `pagesOf` gives it, without the base. Throws where the template fails. */
  readonly render: (path: string, page: PageData) => Promise<string>;
  /** The page that says why a request was refused. */
  readonly renderRefusal: (refusal: Refusal, facts: EndpointFacts) => Promise<string>;
  /** Where it lies; `openCompiledSite` opens it again in another thread. */
  readonly folder: string;
  readonly base: string;
  /** Folder of what is served beside the pages: `_astro/`, `schemas/` and the like. */
  readonly clientDir: string;
  /** The module whose `handler` answers the on-demand routes. */
  readonly serverEntry: string;
  /** Changes when the same page data could give other HTML. */
  readonly fingerprint: string;
}

/** What is compiled and where the result is kept; `base` begins and ends with a slash. */
export interface CompileOptions {
  /** The engine's own folder: `site/`, `lib/`, `astro.config.mjs`, `package.json`. */
  readonly engineDir: string;
  /** Where compiled sites are kept; it may be shared by processes that run at once. */
  readonly cacheDir: string;
  readonly base: string;
}

/** The compiled templates: from the cache where nothing changed, compiled anew (some seconds) where something did. */
export async function compileSite(options: CompileOptions): Promise<CompiledSite> {
  return (await startCompiler(options)).site;
}

/** The fingerprint that the compiled templates have, or will have; compiles nothing. */
export function templatesFingerprint({ engineDir, base }: Pick<CompileOptions, 'engineDir' | 'base'>): Promise<string> {
  return hashFiles(engineDir, ingredients, [base]);
}

/** Where a page at `url` lies on its host: begins and ends with a slash. */
export function baseOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname.endsWith('/') ? pathname : `${pathname}/`;
}

/** Like `compileSite`, for a caller that has other work for this thread: resolves once a process of its own compiles. */
export async function startCompiler(options: CompileOptions): Promise<{ readonly site: Promise<CompiledSite> }> {
  const { base, cacheDir } = options;
  const fingerprint = await templatesFingerprint(options);
  const folder = join(cacheDir, `site-${fingerprint}`);
  const site = openCompiledSite({ folder, fingerprint, base });
  if (await exists(join(folder, renderFile))) return { site: Promise.resolve(site) };
  const started = Promise.withResolvers<void>();
  const compiled = compileInto(folder, options, started.resolve);
  await Promise.race([started.promise, compiled]);
  const ready = compiled.then(() => site);
  // The caller looks at the outcome later; until then a failure is nobody's oversight.
  void Promise.allSettled([ready]);
  return { site: ready };
}

/** What the compiler's process is told, once. */
export const CompileOrder = z.strictObject({ root: z.string(), outDir: z.string(), base: z.string() });
export type CompileOrder = z.infer<typeof CompileOrder>;

/** What it answers: nothing to add, or why the templates do not compile. */
export const CompileAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('compiled') }),
  z.strictObject({ kind: z.literal('failed'), message: z.string() }),
]);
export type CompileAnswer = z.infer<typeof CompileAnswer>;

/** All that a compiled site is made of, relative to the engine's folder. */
const ingredients = ['site', 'lib', 'astro.config.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'];

const renderFile = 'server/render.mjs';

const isFunction = (value: unknown) => typeof value === 'function';

const RenderModule = z.object({
  render: z.custom<CompiledSite['render']>(isFunction),
  renderRefusal: z.custom<(path: string, refusal: Refusal, facts: EndpointFacts) => Promise<string>>(isFunction),
});

/** A site that was compiled already; its code is loaded with the first page. */
export function openCompiledSite(site: Pick<CompiledSite, 'folder' | 'fingerprint' | 'base'>): CompiledSite {
  const { folder, base } = site;
  let module: Promise<z.infer<typeof RenderModule>> | undefined;
  const loaded = () => {
    module ??= load(folder);
    return module;
  };
  return {
    ...site,
    render: async (path, page) => {
      return (await loaded()).render(`${base}${(path === '/404.html' ? '/404/' : path).slice(1)}`, page);
    },
    renderRefusal: async (refusal, facts) => {
      return (await loaded()).renderRefusal(`${base}api/v1/status/refused/`, refusal, facts);
    },
    clientDir: join(folder, 'client'),
    serverEntry: join(folder, 'server/entry.mjs'),
  };
}

async function load(folder: string): Promise<z.infer<typeof RenderModule>> {
  return RenderModule.parse(await import(pathToFileURL(join(folder, renderFile)).href));
}

/** Compiles a copy of the ingredients, so that processes that compile at once, or a read-only engine, do no harm. */
async function compileInto(folder: string, options: CompileOptions, onStart: () => void): Promise<void> {
  const { engineDir, cacheDir, base } = options;
  await mkdir(cacheDir, { recursive: true });
  // Astro knows its files by their real paths.
  const root = join(await realpath(cacheDir), `compiling-${randomUUID()}`);
  try {
    await mkdir(root);
    for (const name of ingredients) await copyIngredient(join(engineDir, name), join(root, name));
    const packages = packagesOf(engineDir);
    await symlink(packages, join(root, 'node_modules'), 'junction');
    const out = join(root, 'out');
    await runCompiler({ root, outDir: out, base }, onStart);
    await symlink(packages, join(out, 'node_modules'), 'junction');
    await adopt(out, folder);
    await removeOld(cacheDir, ['site-', 'compiling-', 'out-'], (await stat(folder)).mtime);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`The templates could not be compiled in ${cacheDir}.`, {
      fix: 'Make sure that the folder can be written and that the disk is not full.',
      cause,
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function copyIngredient(from: string, to: string): Promise<void> {
  if (!(await exists(from))) return;
  await cp(from, to, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
}

/** The folder from which the engine's packages are imported. */
function packagesOf(engineDir: string): string {
  const astro = createRequire(join(engineDir, 'package.json')).resolve('astro/package.json');
  return dirname(dirname(astro));
}

/** Moves a finished site to its place; where another process was faster, its result is as good. */
async function adopt(out: string, folder: string): Promise<void> {
  try {
    await rename(out, folder);
  } catch (error) {
    if (!(await exists(join(folder, renderFile)))) throw error;
  }
}

/** A nearly empty environment: the templates depend on nothing in it, and no secret reaches the compiler. */
const compilerEnvironment = { ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };

async function runCompiler(order: CompileOrder, onStart: () => void): Promise<void> {
  const program = new URL('./site-compiler-process.ts', import.meta.url);
  const child = fork(program, { env: compilerEnvironment, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const said: string[] = [];
  child.stderr?.on('data', (chunk) => said.push(String(chunk)));
  const answer = await new Promise<CompileAnswer>((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (message) => resolve(CompileAnswer.parse(message)));
    child.once('exit', (code) =>
      resolve({ kind: 'failed', message: `The compiler ended with ${code}. ${said.join('')}` }),
    );
    child.send(order, onStart);
  });
  if (answer.kind === 'compiled') return;
  const [reason = ''] = answer.message.split(/\n +at /);
  throw new Failure(`The templates of the page do not compile: ${reason}`, {
    fix: 'Correct the template in site/ of the engine, or install its packages with `npm ci`.',
    cause: new Error(answer.message),
  });
}
