/** The web addresses in a text, without the punctuation that only follows them. */
export function urlRanges(text: string): { readonly start: number; readonly end: number }[] {
  if (!text.includes('://')) return [];
  return [...text.matchAll(url)].map(({ 0: found, index }) => ({ start: index, end: index + trimmedLength(found) }));
}

/** In a reader's text the space that does not break is one that was percent-encoded. */
const url = /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/(?:[^\s<>"`\u201C\u201D]|\u00A0)+/g;

/** The length without closing punctuation; a bracket stays where it closes one of the address itself. */
function trimmedLength(found: string): number {
  let end = found.length;
  let openRound = count(found, '(') - count(found, ')');
  let openSquare = count(found, '[') - count(found, ']');
  for (; end > 0; end -= 1) {
    const last = found[end - 1] ?? '';
    if (last === ')' && openRound < 0) openRound += 1;
    else if (last === ']' && openSquare < 0) openSquare += 1;
    else if (!/[.,;:!?'’*_~|}]/.test(last)) break;
  }
  return end;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
