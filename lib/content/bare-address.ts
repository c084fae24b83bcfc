/** A part of a text: an address that may become a link, or what stands between addresses. */
export interface TextPart {
  readonly text: string;
  readonly isAddress: boolean;
}

/** A text cut at its bare `http` and `https` addresses; the punctuation that ends a sentence is not part of one. */
export function splitAddresses(text: string): readonly TextPart[] {
  if (!text.includes('://')) return [{ text, isAddress: false }];
  const parts: TextPart[] = [];
  let done = 0;
  for (const match of text.matchAll(address)) {
    const found = withoutTail(match[0]);
    if (match.index > done) parts.push({ text: text.slice(done, match.index), isAddress: false });
    parts.push({ text: found, isAddress: true });
    done = match.index + found.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done), isAddress: false });
  return parts;
}

const address = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"'`[\]{}|\\^]+/giu;

/** Closing brackets stay as long as the address opened as many. */
function withoutTail(found: string): string {
  let surplus = found.split(')').length - found.split('(').length;
  let end = found.length;
  while (end > 0) {
    const last = found.charAt(end - 1);
    if (!'?!.,:;*_~)'.includes(last) || (last === ')' && surplus <= 0)) break;
    if (last === ')') surplus--;
    end--;
  }
  return found.slice(0, end);
}
