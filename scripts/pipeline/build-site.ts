import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { renderAll } from '../../lib/adapters/render-pool.ts';
import { baseOf, type CompiledSite, startCompiler } from '../../lib/adapters/site-compiler.ts';
import { checkContent } from '../../lib/content/check-content.ts';
import { configPath, readConfigFile } from '../../lib/content/config-file.ts';
import type { Content, SourceFile } from '../../lib/content/content.ts';
import { sorted } from '../../lib/content/parse-content.ts';
import { redactionRulesOf } from '../../lib/content/redaction-problems.ts';
import { stopsPage } from '../../lib/policy/rules.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import { type Measurements, observationsOf } from '../../lib/snapshot/observations.ts';
import { buildPublicModel, type PublicModel } from '../../lib/snapshot/public-model.ts';
import { writeSite } from './write-site.ts';

/** What to build from, where to, and as of when. All folders are absolute. */
export interface BuildRequest {
  readonly root: string;
  readonly out: string;
  /** The engine's own folder, whose templates are used. */
  readonly engineDir: string;
  /** Where compiled templates and rendered Markdown are kept; it may be deleted at any time. */
  readonly cacheDir: string;
  readonly now: Date;
  /** Names of employees, besides those of `status.config.yml`. */
  readonly redactNames: readonly string[];
  /** What the state knew when it was read. */
  readonly measurements: Measurements;
  /** Where the endpoint of these settings answers, where that is not as they say. */
  readonly endpointOf?: ((config: Content['config']) => string | undefined) | undefined;
  readonly onProgress?: ((stage: BuildStage, done: number, total: number) => void) | undefined;
}

/** The long pieces of work, in their order. */
export type BuildStage = 'check' | 'render' | 'write';

/** What a build came to. `model` is absent where the content is not fit to publish; then nothing was written. */
export interface BuildResult {
  readonly model: PublicModel | undefined;
  /** What it was made of. */
  readonly content: Content | undefined;
  readonly problems: readonly Problem[];
  readonly pages: number;
  /** Size of everything that the public may fetch. */
  readonly bytes: number;
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Reads content, holds it against every rule and, where no error is found, makes `out` hold the public site. Only what
 * changed since the last build is rendered and written. Whether `out` may be written to, the caller has asked before.
 */
export async function buildSite(request: BuildRequest): Promise<BuildResult> {
  const source = await readContentRoot(request.root);
  const compiling = await compileFor(source.files, request);
  const checked = checkContent(source.files, {
    now: request.now,
    redactNames: request.redactNames,
    unread: source.problems.map(({ file }) => file),
    onProgress: (done, total) => request.onProgress?.('check', done, total),
  });
  const problems = sorted([...source.problems, ...checked.problems]);
  if (checked.content === undefined || problems.some(stopsPage)) {
    await Promise.allSettled([compiling?.site]);
    return { model: undefined, content: undefined, problems, pages: 0, bytes: 0, written: [], removed: [] };
  }
  const content = withEndpoint(checked.content, request);
  const model = await modelOf(content, request);
  const site = await (compiling ?? (await compile(content.config.url, request))).site;
  const report = await writeSite(model, site, request);
  return { model, content, problems, ...report };
}

function withEndpoint(content: Content, { endpointOf }: BuildRequest): Content {
  if (endpointOf === undefined) return content;
  return { ...content, config: { ...content.config, endpoint_url: endpointOf(content.config) } };
}

interface Compiling {
  readonly site: Promise<CompiledSite>;
}

/** Starts the compiler before the content is checked: it works in a process of its own. */
async function compileFor(files: readonly SourceFile[], request: BuildRequest): Promise<Compiling | undefined> {
  const file = files.find(({ path }) => path === configPath);
  const config = file === undefined ? undefined : readConfigFile(file).config;
  return config === undefined ? undefined : compile(config.url, request);
}

function compile(url: string, { engineDir, cacheDir }: BuildRequest): Promise<Compiling> {
  return startCompiler({ engineDir, cacheDir, base: baseOf(url) });
}

async function modelOf(content: Content, request: BuildRequest): Promise<PublicModel> {
  const redaction = redactionRulesOf(content, request.redactNames);
  const bodies = content.incidents
    .filter(({ published }) => published)
    .flatMap(({ updates }) => updates.map(({ body }) => body));
  const rendered = await renderAll(bodies, redaction, {
    cacheDir: request.cacheDir,
    onProgress: (done, total) => request.onProgress?.('render', done, total),
  });
  return buildPublicModel({
    content,
    rendered,
    observations: observationsOf(content, request.measurements, request.now),
    redaction,
    now: request.now,
  });
}
