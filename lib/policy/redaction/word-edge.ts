/** Scripts that put no space between words; a name or a host may stand right beside their letters. */
const unspaced =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}';

/** A character of a script without spaces, as a pattern for the flag `u`. */
export const unspacedLetter = `[${unspaced}]`;

/** A letter, a digit or a mark that goes on a word of a script with spaces, as a pattern for the flag `u`. */
export const wordCharacter = `(?:(?!${unspacedLetter})[\\p{L}\\p{N}\\p{M}])`;
