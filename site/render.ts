import { createApp } from 'astro/app/entrypoint';
import type { PageData } from '../lib/snapshot/page-data.ts';
import type { EndpointFacts, Refusal } from '../lib/subscriptions/endpoint-call.ts';

const app = createApp({ streaming: false });

/** One page as HTML from its data; throws where the template failed. `path` begins with the base and a slash. */
export function render(path: string, page: PageData): Promise<string> {
  return rendered(path, { page }, page.kind === 'not_found' ? 404 : 200);
}

/** The page of a request that was refused; `path` as for `render`. */
export function renderRefusal(path: string, refusal: Refusal, facts: EndpointFacts): Promise<string> {
  return rendered(path, { refused: { refusal, facts } }, refusal.status);
}

async function rendered(path: string, locals: object, expected: number): Promise<string> {
  const response = await app.render(new Request(new URL(path, 'http://page.invalid')), { locals });
  if (response.status !== expected) throw new Error(`The template of ${path} answered ${response.status}.`);
  return response.text();
}
