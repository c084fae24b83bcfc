import type { PublicPage } from '../schema/snapshot.ts';

/** Where the endpoint answers, below its address; what follows is a token, but for subscribing. */
export const endpointPaths = {
  subscribe: 'api/v1/status/subscribe',
  confirm: 'api/v1/status/confirm/',
  unsubscribe: 'api/v1/status/unsubscribe/',
  manage: 'api/v1/status/manage/',
} as const;

/** The address of what the endpoint does, as the settings say it: what a client calls the host does not count. */
export function endpointLink(
  page: Pick<PublicPage, 'url' | 'endpoint_url'>,
  path: keyof typeof endpointPaths,
  token = '',
): string {
  const base = page.endpoint_url ?? page.url;
  return new URL(endpointPaths[path] + encodeURIComponent(token), base.endsWith('/') ? base : `${base}/`).href;
}
