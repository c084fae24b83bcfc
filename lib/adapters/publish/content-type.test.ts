import { expect, test } from 'vitest';
import { cacheControlOf, contentTypeOf, isCompressible } from './content-type.ts';

test.each([
  ['index.html', 'text/html; charset=utf-8', 'no-cache', true],
  ['incidents/2026-11-20-card-payments/index.html', 'text/html; charset=utf-8', 'no-cache', true],
  ['current.json', 'application/json; charset=utf-8', 'no-cache', true],
  ['schemas/current.schema.json', 'application/json; charset=utf-8', 'no-cache', true],
  ['feed.xml', 'application/xml; charset=utf-8', 'no-cache', true],
  ['feed.atom', 'application/atom+xml; charset=utf-8', 'no-cache', true],
  ['badge.svg', 'image/svg+xml; charset=utf-8', 'no-cache', true],
  ['robots.txt', 'text/plain; charset=utf-8', 'no-cache', true],
  ['site.webmanifest', 'application/manifest+json; charset=utf-8', 'no-cache', true],
  ['FAVICON.ICO', 'image/x-icon', 'no-cache', false],
  ['preview.png', 'image/png', 'no-cache', false],
  ['_astro/page.D0x.css', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable', true],
  ['_astro/times.B1x.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable', true],
  ['_astro/inter.C2x.woff2', 'font/woff2', 'public, max-age=31536000, immutable', false],
  ['.candor/head.json', 'application/json; charset=utf-8', 'no-store', true],
  ['CNAME', 'application/octet-stream', 'no-cache', false],
  ['archive.tar.xyz', 'application/octet-stream', 'no-cache', false],
])('%s is %s, kept as %s', (path, contentType, cacheControl, compressible) => {
  expect(contentTypeOf(path)).toBe(contentType);
  expect(cacheControlOf(path)).toBe(cacheControl);
  expect(isCompressible(contentType)).toBe(compressible);
});
