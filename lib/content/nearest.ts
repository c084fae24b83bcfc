/** The one of `words` that `text` is most likely a misspelling of, or `undefined` where none is near. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  const normal = text.toLowerCase().replaceAll('-', '_');
  const ranked = words
    .filter((word) => Math.abs(word.length - normal.length) <= mostSlips(word))
    .map((word) => ({ word, slips: editDistance(normal, word.toLowerCase().replaceAll('-', '_')) }))
    .filter(({ word, slips }) => slips <= mostSlips(word))
    .sort((a, b) => a.slips - b.slips);
  return ranked[0]?.word;
}

function mostSlips(word: string): number {
  return Math.max(1, Math.floor(word.length / 3));
}

/** How many letters are added, left out, replaced, or swapped with the next one. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, i) => i)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + same,
          swapped ? at(i - 2, j - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(a.length, b.length);
}
