import { extname } from 'node:path/posix';

/**
 * What a file is, by its name. Everything that is text names its charset. (`X-Content-Type-Options: nosniff` cannot be
 * set on an object of a bucket; it takes a load balancer in front. So the types here are exact.)
 */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.atom': 'application/atom+xml; charset=utf-8',
  '.rss': 'application/rss+xml; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.ico': 'image/x-icon',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.pdf': 'application/pdf',
};

/** The `Content-Type` of a public file, by its path; `application/octet-stream` for what is not known. */
export function contentTypeOf(path: string): string {
  return contentTypes[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

/**
 * The `Cache-Control` of a public file, by its path. Hashed assets never change; what publishers tell each other is not
 * kept by anybody; everything else is asked for anew on each visit. Without one a public object is cached for an hour.
 */
export function cacheControlOf(path: string): string {
  if (path.startsWith('_astro/')) return 'public, max-age=31536000, immutable';
  if (path.startsWith('.candor/')) return 'no-store';
  return 'no-cache';
}

/** Whether a file of this type is worth compressing: text is, pictures and fonts are compressed already. */
export function isCompressible(contentType: string): boolean {
  return /^(?:text\/|image\/svg\+xml|application\/(?:json|xml|wasm|[a-z]+\+(?:json|xml)))/.test(contentType);
}
