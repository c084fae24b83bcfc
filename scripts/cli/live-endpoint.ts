import type { RequestListener } from 'node:http';
import { auditAccess } from '../../lib/adapters/endpoint/audit-access.ts';
import { readAudit } from '../../lib/adapters/endpoint/audit-reader.ts';
import { endpointLog } from '../../lib/adapters/endpoint/endpoint-log.ts';
import { endpointFront } from '../../lib/adapters/endpoint/front.ts';
import type { OpenEndpoint } from '../../lib/adapters/endpoint/front-needs.ts';
import { healthCheck } from '../../lib/adapters/endpoint/health-check.ts';
import { memoryLimits, redisLimits } from '../../lib/adapters/endpoint/limits.ts';
import { openEndpoint, withAssets } from '../../lib/adapters/endpoint/open-endpoint.ts';
import { publishedFacts } from '../../lib/adapters/endpoint/published-facts.ts';
import { baseOf, type CompiledSite, compileSite } from '../../lib/adapters/site-compiler.ts';
import { type Site, siteHandler } from '../../lib/adapters/static-server.ts';
import type { Settings } from '../../lib/schema/settings.ts';
import type { PublicPage } from '../../lib/schema/snapshot.ts';
import { cacheDirFor, engineDir } from '../pipeline/engine.ts';
import type { Context } from './context.ts';
import { type LiveSubscriptions, liveSubscriptions } from './live-subscriptions.ts';
import { logLines } from './log-lines.ts';
import { pageSettings } from './page-settings.ts';
import { stateStoreOf } from './state-store.ts';

/** A page that is served, with its endpoint. */
export interface LiveEndpoint {
  /** Answers everything: the page at once, the endpoint as soon as its parts are ready. */
  readonly listener: RequestListener;
  /** Open what the endpoint needs. Nothing of it can keep the page from being served. */
  readonly begin: () => void;
  /** To be called when the page was built anew. */
  readonly pageChanged: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What is served, and who hears of it. */
export interface EndpointSource {
  readonly settings: Settings;
  readonly site: () => Site | undefined;
  /** Whose updates are mailed, where it is not the folder of the site: another one, or the address of a page. */
  readonly snapshot: string | undefined;
  /** What is different of the page on this machine. */
  readonly adjust: (page: PublicPage) => PublicPage;
  /** Whether requests are noted; else only what went wrong. */
  readonly notesRequests: boolean;
  readonly say: (line: string) => void;
  readonly failed: (error: unknown) => void;
}

/** The page of `source` with an endpoint in front of it. */
export function liveEndpoint(context: Context, source: EndpointSource): LiveEndpoint {
  const { settings, site } = source;
  const log = endpointLog(logLines(), source.notesRequests ? 'info' : 'warn');
  const limits = settings.redisUrl === undefined ? memoryLimits(context.now) : redisLimits(settings.redisUrl);
  const folder = () => site()?.folder;
  const facts = publishedFacts(folder, { now: context.now, adjust: source.adjust });
  let subscriptions: LiveSubscriptions | undefined;
  const health = healthCheck(
    { page: async () => void required(facts.current()), store: async () => required(subscriptions).check() },
    { now: context.now, failed: (error) => log.failed('Something that the endpoint needs does not work.', error) },
  );
  const audit = auditNeeds(context, source, (error) => log.failed('The audit log cannot be shown.', error));
  const templates = compiledTemplates(context, source, (compiled) =>
    openEndpoint(compiled, {
      facts: facts.current,
      service: () => required(subscriptions).service,
      audit: (question) => readAudit(audit, question),
      health,
    }),
  );
  const settled = Promise.withResolvers<void>();
  let isSettled = false;
  const basesNow = rememberedBases();
  const front = endpointFront({
    bases: () => basesNow(facts.current()?.page, site()),
    // Its templates may be there before its store has been tried.
    endpoint: () => (isSettled ? templates.endpoint() : undefined),
    settled: settled.promise,
    page: withAssets(templates.compiled, siteHandler(site)),
    limits,
    trustedProxies: settings.trustedProxies,
    log,
    now: context.now,
  });
  const open = async () => {
    const page = facts.current()?.page;
    if (page === undefined) return;
    const compiled = templates.ensure(baseOf(page.endpoint_url ?? page.url));
    await Promise.all([compiled, subscriptions?.tried]);
    isSettled = true;
    settled.resolve();
  };
  const pageChanged = async () => {
    await facts.refresh();
    subscriptions?.lookNow();
    void open();
  };
  return {
    listener: front,
    pageChanged,
    begin: () => {
      subscriptions = liveSubscriptions(context, { ...source, folder, log });
      void pageChanged();
    },
    close: async () => {
      await subscriptions?.close();
      limits.close();
    },
  };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('This is not ready yet.');
  return value;
}

/** Every request asks for the bases, and they seldom change. */
function rememberedBases(): typeof basesOf {
  let known: { readonly of: Parameters<typeof basesOf>; readonly bases: string[] } | undefined;
  return (...of) => {
    if (known === undefined || known.of.some((one, at) => one !== of[at])) known = { of, bases: basesOf(...of) };
    return known.bases;
  };
}

/** Proxies in front may pass the path on as it is, or without the folder of the endpoint's address. */
function basesOf(page: PublicPage | undefined, site: Site | undefined): string[] {
  const known = [
    ...(page === undefined ? [] : [baseOf(page.endpoint_url ?? page.url), baseOf(page.url)]),
    ...(site === undefined ? [] : [site.base]),
    '/',
  ];
  return [...new Set(known)].sort((a, b) => b.length - a.length);
}

/** The templates of the endpoint, compiled for the folder of its address while everything else goes on. */
function compiledTemplates(
  { root }: Context,
  { failed }: EndpointSource,
  open: (site: CompiledSite) => Promise<() => OpenEndpoint | undefined>,
) {
  let wanted: string | undefined;
  let compiled: CompiledSite | undefined;
  let endpoint: (() => OpenEndpoint | undefined) | undefined;
  let compiling = Promise.resolve();
  const compile = async (base: string) => {
    try {
      const site = await compileSite({ engineDir, cacheDir: cacheDirFor(root), base });
      const opened = await open(site);
      if (base !== wanted) return;
      compiled = site;
      endpoint = opened;
    } catch (error) {
      failed(error);
    }
  };
  return {
    compiled: () => compiled,
    endpoint: () => endpoint?.(),
    /** Resolves once they are compiled, or cannot be. */
    ensure: (base: string) => {
      if (base !== wanted) compiling = compile(base);
      wanted = base;
      return compiling;
    },
  };
}

function auditNeeds(context: Context, { settings }: EndpointSource, failed: (error: unknown) => void) {
  const { githubApiUrl: apiUrl, githubRepository: repository } = settings;
  const roles = () => pageSettings(context)?.manage_status_roles ?? ['admin'];
  return {
    access: repository === undefined ? undefined : auditAccess({ apiUrl, repository, roles, now: context.now }),
    readLog: () => stateStoreOf(context).readLog(),
    failed,
  };
}
