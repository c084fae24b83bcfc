import { readerForm } from '../../policy/redaction/reader-text.ts';
import { mayHoldStackTrace } from '../../policy/redaction/stack-trace.ts';
import { isSuspicious } from '../../policy/redaction/suspicion.ts';
import type { RedactionRules } from '../../policy/redaction.ts';

/**
 * Whether Markdown could hold anything to redact, without parsing it: it is read with every sign of Markdown's left
 * out. Where leaving out is not enough (entities, HTML, a link beside a suspicious character) the answer is yes.
 */
export function mayHoldSensitive(source: string, rules: RedactionRules): boolean {
  if (rules.patterns.length > 0 || needsParsing.test(source)) return true;
  if (source.includes('](') || source.includes('][')) {
    if (splitsAtLink.test(source)) return true;
  }
  const text = readerForm(source);
  if (holdsAnything(text, rules)) return true;
  if (!signs.test(text)) return false;
  const bare = text.replace(allSigns, '');
  if (holdsAnything(bare, rules)) return true;
  return bare.includes('_') && holdsAnything(bare.replaceAll('_', ''), rules);
}

function holdsAnything(text: string, { suspicion }: RedactionRules): boolean {
  return isSuspicious(text, suspicion) || mayHoldStackTrace(text);
}

const needsParsing = /&[#A-Za-z]|<[!?/A-Za-z]/;
/** A link that begins or ends within a word, or within an address, and could hide the middle of it. */
const splitsAtLink = /[\w.:@/%#+\-\u0080-\uFFFF][*_~`\\]{0,9}!?\[|[)\]][*_~`\\]{0,9}\.?[\w:@/%#+\-\u0080-\uFFFF]/;
const signs = /[*_~`\\[\]|]/;
/** Underscores stay at first: identifiers are written with them. */
const allSigns = /[*~`\\[\]|]/g;
