import type { KnipConfig } from 'knip';

/** The TypeScript of a template: what stands between its fences, and its scripts. */
function astro(text: string): string {
  const [, fenced = ''] = /^---\n([\s\S]*?)^---$/m.exec(text) ?? [];
  const scripts = Array.from(text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g), ([, script = '']) => script);
  return [fenced, ...scripts].join('\n');
}

/** What counts as used. The compiler is ours because knip brings its own only where astro is a plain dependency. */
const config: KnipConfig = {
  entry: [
    'scripts/dev/*.ts',
    'bench/*.ts',
    'site/render.ts',
    'lib/{adapters,testing}/*-process.ts',
    'lib/policy/constants.ts',
  ],
  project: ['{lib,site,scripts,bench}/**/*.{ts,mjs,astro}', '*.{ts,mjs}'],
  astro: true,
  compilers: { astro },
  ignoreExportsUsedInFile: { interface: true, type: true },
  // Read as data by tests, or by their path.
  ignoreDependencies: ['@sparticuz/chromium', '@octokit/webhooks-examples'],
  // Of the system; the test that uses it is left out where it is missing.
  ignoreBinaries: ['unshare'],
};

export default config;
