import node from '@astrojs/node';
import { defineConfig } from 'astro/config';

/**
 * Astro compiles the templates once; `lib/adapters/site-compiler.ts` calls the compiled `render.mjs` for each page.
 * So what a build costs depends on what changed and not on how many pages there are.
 */
const renderEntry = {
  name: 'candor:render-entry',
  hooks: {
    'astro:build:setup': ({ vite, target }) => {
      if (target !== 'server') return;
      const options = vite.environments.ssr.build.rolldownOptions;
      const names = options.output?.entryFileNames;
      options.input = { ...options.input, render: './site/render.ts' };
      options.output = {
        ...options.output,
        entryFileNames: (chunk) => {
          if (chunk.name === 'render') return 'render.mjs';
          return typeof names === 'function' ? names(chunk) : (names ?? 'entry.mjs');
        },
      };
    },
  },
};

export default defineConfig({
  srcDir: './site',
  publicDir: './site/public',
  output: 'server',
  outDir: process.env.CANDOR_SITE_OUT ?? './.cache/site',
  base: process.env.CANDOR_SITE_BASE ?? '/',
  adapter: node({ mode: 'middleware' }),
  integrations: [renderEntry],
  session: false,
  trailingSlash: 'always',
  devToolbar: { enabled: false },
  vite: { build: { assetsInlineLimit: 0 } },
});
