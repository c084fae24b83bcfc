import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A project of plain Astro for the same incidents: a content collection, and one trivial page an incident. */
export interface PlainProject {
  /** Arguments of Node that build it. */
  readonly args: readonly string[];
  /** Makes the next build a cold one. */
  readonly forget: () => void;
}

/** Writes the project to `folder`, which must lie where Astro is found; `root` is a content root. */
export function plainProject(folder: string, root: string): PlainProject {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(join(root, 'incidents'), join(folder, 'incidents'));
  const astro = createRequire(import.meta.url).resolve('astro/package.json');
  return {
    args: [join(dirname(astro), 'bin', 'astro.mjs'), 'build', '--silent', '--root', folder],
    forget: () => {
      for (const name of ['dist', '.astro', 'node_modules'])
        rmSync(join(folder, name), { recursive: true, force: true });
    },
  };
}

const files = {
  'package.json': '{ "name": "plain", "type": "module", "private": true }\n',
  'astro.config.mjs': 'export default {};\n',
  'src/content.config.ts': `import { glob } from 'astro/loaders';
import { defineCollection } from 'astro:content';
export const collections = { incidents: defineCollection({ loader: glob({ pattern: '*.md', base: './incidents' }) }) };
`,
  'src/pages/incidents/[id].astro': `---
import { getCollection, render } from 'astro:content';
export async function getStaticPaths() {
  return (await getCollection('incidents')).map((entry) => ({ params: { id: entry.id }, props: { entry } }));
}
const { entry } = Astro.props;
const { Content } = await render(entry);
---
<html lang="en"><head><title>{entry.data.title}</title></head><body><h1>{entry.data.title}</h1><Content /></body></html>
`,
};
