import type { IncomingMessage, RequestListener } from 'node:http';
import send from 'send';
import type { EndpointFacts, Refusal } from '../../subscriptions/endpoint-call.ts';
import type { CompiledSite } from '../site-compiler.ts';
import { openAstroRoutes } from './astro-routes.ts';
import type { OpenEndpoint } from './front-needs.ts';
import { type RouteNeeds, routeAnswers } from './route-answers.ts';

/** What the templates are joined with; without the facts of a page there is no endpoint. */
export interface EndpointParts extends RouteNeeds {
  readonly facts: () => EndpointFacts | undefined;
}

/** The endpoint over compiled templates; it is there whenever the facts of its page are. */
export async function openEndpoint(
  site: CompiledSite,
  { facts, ...needs }: EndpointParts,
): Promise<() => OpenEndpoint | undefined> {
  const render = await openAstroRoutes(site);
  let about: EndpointFacts | undefined;
  let open: OpenEndpoint | undefined;
  return () => {
    const known = facts();
    if (known === undefined) return undefined;
    if (open === undefined || about !== known) {
      about = known;
      open = {
        pageOrigin: new URL(known.page.url).origin,
        answer: routeAnswers(render, known, needs),
        refusalPage: rememberedRefusals(site, known),
      };
    }
    return open;
  };
}

/** The pages of refusals, each rendered once: a flood of refusals must not cost a template each. */
function rememberedRefusals({ renderRefusal }: CompiledSite, facts: EndpointFacts): OpenEndpoint['refusalPage'] {
  const known = new Map<Refusal, Promise<Uint8Array>>();
  return (refusal: Refusal) => {
    const page = known.get(refusal) ?? renderRefusal(refusal, facts).then((html) => Buffer.from(html));
    known.set(refusal, page);
    // A template may fail for want of something that comes back.
    page.catch(() => known.delete(refusal));
    return page;
  };
}

/**
 * Styles and marks of the endpoint's own pages, below `base`, from the compiled templates; everything else, and what is
 * not there, is a matter of `page`. A page that was built by an older Candor, or lies elsewhere, has other styles.
 */
export function withAssets(site: () => CompiledSite | undefined, page: RequestListener): RequestListener {
  return (request, response) => {
    const compiled = site();
    const [path = ''] = (request.url ?? '/').split('?');
    const folder = compiled && ['_astro/', 'marks/'].find((name) => path.startsWith(compiled.base + name));
    if (compiled === undefined || folder === undefined || !isReading(request)) {
      page(request, response);
      return;
    }
    response.setHeader('x-content-type-options', 'nosniff');
    if (folder === '_astro/') response.setHeader('cache-control', 'public, max-age=31536000, immutable');
    send(request, path.slice(compiled.base.length - 1), { root: compiled.clientDir, cacheControl: false })
      .on('error', () => page(request, response))
      .on('directory', () => page(request, response))
      .pipe(response);
  };
}

function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
