import { Command } from 'commander';
import { renderMarkdown } from '../../lib/content/render-markdown.ts';
import { contextOf } from '../cli/context.ts';
import { changeJsonLines } from '../cli/json-lines.ts';
import { rulesOf } from '../cli/redaction-rules.ts';
import { readInput, standardInput } from '../cli/text-input.ts';

/** `candor render`: the HTML that the public gets of an update's Markdown. */
export function command(): Command {
  const render = new Command('render')
    .description(
      'Turn the Markdown of an update into the safe HTML that the public gets: redacted, with a few tags alone.',
    )
    .argument('[file]', 'Markdown; - or nothing reads standard input')
    .option('--jsonl', 'one JSON string a line in, one a line out')
    .addHelpText('after', '\nExample:\n  echo "Payments work **again**." | candor render');
  return render.action(async (file: string = standardInput, options: { jsonl?: true }) => {
    const rules = await rulesOf(contextOf(render));
    const htmlOf = (source: string) => renderMarkdown(source, rules).html;
    if (options.jsonl === true) return changeJsonLines(file, htmlOf);
    const html = htmlOf(await readInput(file));
    process.stdout.write(html.endsWith('\n') || html === '' ? html : `${html}\n`);
  });
}
