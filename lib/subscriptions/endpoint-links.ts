import type { PublicPage } from '../schema/snapshot.ts';

/** Where the endpoint answers, below its address; what follows is a token. */
export const endpointPaths = {
  confirm: 'api/v1/status/confirm/',
  unsubscribe: 'api/v1/status/unsubscribe/',
} as const;

/** The address for who holds a token: of the page that confirms, or of the one where people choose and leave. */
export function endpointLink(page: PublicPage, path: keyof typeof endpointPaths, token: string): string {
  const base = page.endpoint_url ?? page.url;
  return new URL(endpointPaths[path] + encodeURIComponent(token), base.endsWith('/') ? base : `${base}/`).href;
}
