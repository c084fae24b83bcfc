import { Command, Option } from 'commander';
import { contextOf } from '../cli/context.ts';
import { UsageError } from '../cli/errors.ts';
import { redactFiles, redactInPlace, redactJsonLines } from '../cli/redact-files.ts';
import { rulesOf } from '../cli/redaction-rules.ts';
import { standardInput } from '../cli/text-input.ts';

interface RedactOptions {
  readonly write?: true;
  readonly jsonl?: true;
}

/** `candor redact`: text without what must not be public. */
export function command(): Command {
  const redact = new Command('redact')
    .description(
      'Take out what must not be public: addresses, stack traces, internal hosts, identifiers, names.\n' +
        'The text goes to standard output; what was found goes to standard error, by kind and place alone (with --jsonl, by kind and number).',
    )
    .argument('[files...]', 'Markdown or files of content; - or nothing reads standard input')
    .option('--write', 'change the files themselves, which must lie in the root')
    .addOption(new Option('--jsonl', 'one JSON string of Markdown a line in, one a line out').conflicts('write'))
    .addHelpText(
      'after',
      `
Examples:
  candor redact < note.md
  candor redact --write incidents/2026-11-20-card-payments.md`,
    );
  return redact.action(async (files: string[], options: RedactOptions) => {
    const context = contextOf(redact);
    if (options.write === true && files.length === 0) {
      throw new UsageError('--write changes files, and none is named.', 'Name the files, or leave out --write.');
    }
    const rules = await rulesOf(context);
    const inputs = files.length === 0 ? [standardInput] : files;
    if (options.write === true) return redactInPlace(context.root, inputs, rules);
    if (options.jsonl !== true) return redactFiles(context.root, inputs, rules);
    for (const file of inputs) await redactJsonLines(file, rules);
  });
}
