import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OutputFile, writeOutput } from '../../lib/adapters/output-folder.ts';
import { renderPages } from '../../lib/adapters/page-pool.ts';
import { type Placement, placeFile } from '../../lib/adapters/place-file.ts';
import type { CompiledSite } from '../../lib/adapters/site-compiler.ts';
import { filesBelow } from '../../lib/adapters/tree.ts';
import { documentsOf, documentText, type JsonDocument } from '../../lib/snapshot/documents.ts';
import { type Page, pagesOf } from '../../lib/snapshot/pages.ts';
import { fileAt } from '../../lib/snapshot/paths.ts';
import type { PublicModel } from '../../lib/snapshot/public-model.ts';
import type { BuildRequest, BuildResult } from './build-site.ts';

/** Makes the output folder hold the site of `model`: assets, pages, JSON, and `current.json` last. */
export async function writeSite(
  model: PublicModel,
  site: CompiledSite,
  request: BuildRequest,
): Promise<Pick<BuildResult, 'pages' | 'bytes' | 'written' | 'removed'>> {
  const assets = await filesBelow(site.clientDir);
  const pages = new Map(pagesOf(model).map((page) => [fileAt(page.path), page]));
  const documents = new Map(documentsOf(model).map((document) => [fileAt(document.path), document]));
  const files: OutputFile[] = [
    ...assets.map((path) => ({ path, fingerprint: site.fingerprint })),
    ...Array.from(pages, ([path, page]) => ({ path, fingerprint: pageFingerprint(page, site) })),
    ...Array.from(documents, ([path, { value }]) => ({ path, fingerprint: hash('sha256', documentText(value)) })),
  ];
  const place = (paths: readonly string[]) =>
    placeAll(paths, { assets: new Set(assets), pages, documents, site, request });
  const report = await writeOutput(files, { dir: request.out, cacheDir: request.cacheDir, place });
  return { pages: pages.size, ...report };
}

/** All that may have to be put in place, by its path. */
interface Stock {
  readonly assets: ReadonlySet<string>;
  readonly pages: ReadonlyMap<string, Page>;
  readonly documents: ReadonlyMap<string, JsonDocument>;
  readonly site: CompiledSite;
  readonly request: BuildRequest;
}

/** Assets first, so that no page lacks its style; then pages, in other threads where they are many, and JSON beside them. */
async function placeAll(paths: readonly string[], stock: Stock): Promise<Placement[]> {
  const { site, request } = stock;
  const assets = paths.filter((path) => stock.assets.has(path));
  const placedAssets = assets.map((path) => placeFile(request.out, path, readFileSync(join(site.clientDir, path))));
  const pages = paths.flatMap((path) => stock.pages.get(path) ?? []);
  const rendering = renderPages({
    site,
    dir: request.out,
    pages,
    onProgress: (done) => request.onProgress?.('write', done, pages.length),
  });
  const documents = paths.flatMap((path) => stock.documents.get(path) ?? []);
  const [placedPages, placedDocuments] = await Promise.all([rendering, placeDocuments(documents, request.out)]);
  const last = documents.filter(({ path }) => path === snapshotPath);
  return [
    ...placedAssets,
    ...placedPages,
    ...placedDocuments,
    ...last.map((document) => placeDocument(document, request.out)),
  ];
}

/** Whoever reads the snapshot finds everything that it tells of. */
const snapshotPath = '/current.json';

async function placeDocuments(documents: readonly JsonDocument[], dir: string): Promise<Placement[]> {
  const placements: Placement[] = [];
  for (const document of documents) {
    if (document.path === snapshotPath) continue;
    placements.push(placeDocument(document, dir));
    if (placements.length % breath === 0) await new Promise(setImmediate);
  }
  return placements;
}

/** After so many files other threads are given their next work. */
const breath = 50;

function placeDocument({ path, value }: JsonDocument, dir: string): Placement {
  return placeFile(dir, path.slice(1), documentText(value));
}

function pageFingerprint(page: Page, site: CompiledSite): string {
  return hash('sha256', site.fingerprint + JSON.stringify(page));
}
