import { readerForm } from '../policy/redaction/reader-text.ts';
import { mayHoldStackTrace } from '../policy/redaction/stack-trace.ts';
import { isSuspicious } from '../policy/redaction/suspicion.ts';
import { findSensitive, type RedactionKind, type RedactionRules } from '../policy/redaction.ts';
import { wordsOfHtml } from './gate/html-words.ts';
import { wordsOfJson } from './gate/json-words.ts';
import { ownAddresses } from './gate/own-address.ts';
import type { Words } from './gate/words.ts';

/** Something in a file that must not leave: where and of what kind, never the text itself. */
export interface GateFinding {
  readonly path: string;
  readonly kind: RedactionKind;
}

/** Looks at one file that is about to leave. */
export type LastGate = (path: string, bytes: Uint8Array) => GateFinding[];

/**
 * The last look at what is about to leave, for what redaction should have taken out: in every file that a person's words
 * reach, as a reader or a program takes them. `publicAddresses` (of the page and of its endpoint) are public whatever they
 * are; what follows them is looked at. Each kind is told once a file.
 */
export function lastGate(rules: RedactionRules, publicAddresses: readonly string[]): LastGate {
  const support = rules.supportEmail;
  const own = ownAddresses(publicAddresses);
  return (path, bytes) => {
    const { texts, addresses } = wordsOf(path, bytes);
    const words = [...texts.flatMap(own.restOfText), ...addresses.flatMap(own.restOfAddress)].filter(
      (text) => support === undefined || (text !== support && text !== `mailto:${support}`),
    );
    if (!mayHold(words.join('\n'), rules)) return [];
    const kinds = new Set(words.flatMap((text) => findSensitive(withoutDates(text), rules).map(({ kind }) => kind)));
    return [...kinds].toSorted().map((kind) => ({ path, kind }));
  };
}

/** How the words are taken out of a file, by what its name ends in. Other files hold no person's words. */
const readers: Readonly<Record<string, (text: string) => Words>> = {
  html: wordsOfHtml,
  xml: wordsOfHtml,
  rss: wordsOfHtml,
  atom: wordsOfHtml,
  json: (text) => wordsOfJson(JSON.parse(text)),
  txt: (text) => ({ texts: [text], addresses: [] }),
};

const noWords: Words = { texts: [], addresses: [] };

/** Our own words and examples. */
const ownFolders = ['schemas/', '_astro/'];

function wordsOf(path: string, bytes: Uint8Array): Words {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  const read = Object.hasOwn(readers, ending) ? readers[ending] : undefined;
  if (read === undefined || ownFolders.some((folder) => path.startsWith(folder))) return noWords;
  return read(new TextDecoder().decode(bytes));
}

function mayHold(text: string, rules: RedactionRules): boolean {
  if (rules.patterns.length > 0) return true;
  const read = readerForm(text);
  return isSuspicious(read, rules.suspicion) || mayHoldStackTrace(read);
}

/** The page's own dates are left out: months have the names of people. */
function withoutDates(text: string): string {
  return text.replace(dates, '\u2022');
}

const month =
  '(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
/** Links that stand side by side have no space between them: `May 2026July 2026`. */
const dates = new RegExp(
  `^${month}$|(?<!\\d)\\d{1,2} ${month}(?![a-z])(?: \\d{4}(?!\\d))?|(?<![A-Za-z])${month} \\d{4}(?!\\d)`,
  'g',
);
