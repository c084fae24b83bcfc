import { wordsOfHtml } from './html-words.ts';
import type { Words } from './words.ts';

/** The words of a JSON document as a program reads them. Fields with `html` are read as HTML. */
export function wordsOfJson(value: unknown): Words {
  const words = { texts: [], addresses: [] };
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

/** Fields whose value is an address of the page. */
const addressed: ReadonlySet<string> = new Set(['url', 'json_url']);

function collect(value: unknown, key: string, words: { texts: string[]; addresses: string[] }): void {
  if (typeof value === 'string') {
    if (key === 'html') {
      const { texts, addresses } = wordsOfHtml(value);
      words.texts.push(...texts);
      words.addresses.push(...addresses);
    } else if (!silent.has(key)) (addressed.has(key) ? words.addresses : words.texts).push(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, key, words);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) collect(item, name, words);
  }
}
