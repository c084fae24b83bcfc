import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Writes a project of plain Astro for the same incidents (a content collection, and one trivial page an incident) to the
 * new `folder`, which must lie where Astro is found; `root` is a content root. Returns the arguments of Node that build it.
 */
export function plainProject(folder: string, root: string): readonly string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(join(root, 'incidents'), join(folder, 'incidents'));
  const astro = createRequire(import.meta.url).resolve('astro/package.json');
  return [join(dirname(astro), 'bin', 'astro.mjs'), 'build', '--silent', '--root', folder];
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
