import node from '@astrojs/node';
import { defineConfig, passthroughImageService } from 'astro/config';

/**
 * Astro compiles the templates once; `lib/adapters/site-compiler.ts` calls the compiled `render.mjs` for each page.
 * So what a build costs depends on what changed and not on how many pages there are.
 */
const renderEntry = {
  name: 'candor:render-entry',
  hooks: {
    'astro:build:setup': ({ vite, target }) => {
      if (target !== 'server') return;
      const { rolldownOptions } = vite.environments.ssr.build;
      const entryFileNames = vite.build.rolldownOptions.output.entryFileNames;
      rolldownOptions.input = { ...rolldownOptions.input, render: './site/render.ts' };
      rolldownOptions.output = {
        ...rolldownOptions.output,
        entryFileNames: (chunk) => (chunk.name === 'render' ? 'render.mjs' : entryFileNames(chunk)),
      };
    },
  },
};

export default defineConfig({
  srcDir: './site',
  publicDir: './site/public',
  outDir: './.cache/site',
  output: 'server',
  // A page of the endpoint goes out whole: one write, and a template that fails is a 500 and never half a page.
  adapter: node({ mode: 'middleware', experimentalDisableStreaming: true }),
  integrations: [renderEntry],
  image: { service: passthroughImageService() },
  session: false,
  // docs/decisions/0051-origin-check.md: forms come from a bucket on another host, and nothing here acts for who is signed in.
  security: { checkOrigin: false },
  trailingSlash: 'always',
  devToolbar: { enabled: false },
  vite: { build: { assetsInlineLimit: 0 } },
});
