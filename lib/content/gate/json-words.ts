import { wordsOfHtml } from './html-words.ts';

/** The words of a JSON document as a program reads them. Fields with `html` are read as HTML. */
export function wordsOfJson(value: unknown): string[] {
  const words: string[] = [];
  collect(value, '', words);
  return words;
}

/** Fields that machines fill, with names of files, words of our own lists and instants. */
const silent: ReadonlySet<string> = new Set([
  'id',
  'status',
  'state',
  'impact',
  'date',
  'month',
  'generated_at',
  'at',
  'started_at',
  'resolved_at',
  'next_update_due_at',
  'last_update_at',
  'since',
  'set_at',
  'expires_at',
  'from',
]);

function collect(value: unknown, key: string, words: string[]): void {
  if (typeof value === 'string') {
    if (key === 'html') words.push(...wordsOfHtml(value));
    else if (!silent.has(key)) words.push(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, key, words);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) collect(item, name, words);
  }
}
