/** Letters that Unicode does not take apart into a Latin letter and a mark. */
const latin = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ł', 'l'],
  ['þ', 'th'],
  ['ð', 'd'],
]);

const maxWordsLength = 60;

/**
 * The id of a new incident: the UTC day it began and the words of its title, e.g. `2026-11-20-card-payments`;
 * with a number at the end where `taken` says that there is such an incident already.
 */
export function incidentIdFor(title: string, startedAt: Date, taken: (id: string) => boolean): string {
  const id = `${startedAt.toISOString().slice(0, 10)}-${wordsOf(title)}`;
  if (!taken(id)) return id;
  for (let number = 2; ; number++) {
    if (!taken(`${id}-${number}`)) return `${id}-${number}`;
  }
}

function wordsOf(title: string): string {
  const words = [...title.toLowerCase()]
    .map((letter) => latin.get(letter) ?? letter)
    .join('')
    .normalize('NFKD')
    .replace(/\p{M}|['’]/gu, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  let text = words[0]?.slice(0, maxWordsLength) ?? 'incident';
  for (const word of words.slice(1)) {
    if (text.length + 1 + word.length > maxWordsLength) break;
    text += `-${word}`;
  }
  return text;
}
