import { createApp } from 'astro/app/entrypoint';
import type { PageData } from '../lib/snapshot/page-data.ts';

const app = createApp({ streaming: false });

/** One page as HTML from its data; throws where the template failed. `path` begins with the base and a slash. */
export async function render(path: string, page: PageData): Promise<string> {
  const response = await app.render(new Request(new URL(path, 'http://page.invalid')), { locals: { page } });
  const expected = page.kind === 'not_found' ? 404 : 200;
  if (response.status !== expected) throw new Error(`The template of ${path} answered ${response.status}.`);
  return response.text();
}
