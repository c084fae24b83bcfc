import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { jsonSchemaFiles } from '../../lib/schema/json-schema.ts';

/** `npm run schemas`: write every schema that is published as JSON Schema, and remove what is none any more. */
const folder = new URL('../../site/public/schemas/', import.meta.url);
const files = jsonSchemaFiles();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) {
  if (!files.has(name)) rmSync(new URL(name, folder));
}
for (const [name, text] of files) writeFileSync(new URL(name, folder), text);
process.stdout.write(`${files.size} schemas are in site/public/schemas.\n`);
