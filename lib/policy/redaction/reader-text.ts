/** A text as a reader takes it, and the way back to where each of its characters stands in the original. */
export interface ReaderText {
  readonly text: string;
  /** The range of the original that a range of `text` came from. */
  original(start: number, end: number): { readonly start: number; readonly end: number };
}

/**
 * Undo what only looks different: compatibility forms (full width, ligatures, decomposed accents), characters that
 * cannot be seen (soft hyphens, zero-width, bidi controls), look-alikes of the dot and the hyphen, and percent-encoding.
 * A space that was percent-encoded is read as one that does not break, so that the address it stands in stays one.
 */
export function readerText(original: string): ReaderText {
  if (isPlain(original)) return { text: original, original: (start, end) => ({ start, end }) };
  return rewrite(original);
}

/** The same text without the way back; for looking only. */
export function readerForm(original: string): string {
  return isPlain(original) ? original : rewrite(original).text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the end of ASCII is the point
const outsideAscii = /[^\u0000-\u007F]/;
const percentEncoded = /%(?:[2-7][0-9A-Fa-f]|[C-Fc-f][0-9A-Fa-f]%[89ABab])/;
/**
 * One character with the marks on it, percent-encoded or not; at most thirty marks: more is no writing, and sorting marks
 * takes time.
 */
const cluster =
  /(?:%[2-7][0-9A-Fa-f]|%[C-Fc-f][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){1,3}|[\u1100-\u11FF]{1,30}|[^\p{M}])(?:\p{M}|%[Cc][CDcd]%[89ABab][0-9A-Fa-f]){0,30}|\p{M}{1,30}/gsu;
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u180E\u2028\u2029]/gu;
const piledMarks = /\p{M}{31}/u;
const hyphens = /[\u2010\u2011]/g;
const dots = /[\u3002\uFF0E\uFF61\u2024\uFE52\u2E3C\uA4F8\u0701\u0702]/g;

function isPlain(text: string): boolean {
  if (percentEncoded.test(text)) return false;
  if (!outsideAscii.test(text)) return true;
  return (
    !piledMarks.test(text) &&
    text.search(unseen) === -1 &&
    text.search(dots) === -1 &&
    text.search(hyphens) === -1 &&
    text.normalize('NFKC') === text
  );
}

function rewrite(original: string): ReaderText {
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: part, index } of original.matchAll(cluster)) {
    const read = part.length === 1 && part <= '\u007F' ? part : readCluster(part);
    for (let i = 0; i < read.length; i += 1) {
      starts.push(index);
      ends.push(index + part.length);
    }
    text += read;
  }
  return {
    text,
    original: (start, end) => ({ start: starts[start] ?? original.length, end: ends[end - 1] ?? starts[start] ?? 0 }),
  };
}

function readCluster(part: string): string {
  const isEncoded = part.startsWith('%') && part.length > 1;
  const plain = isEncoded || part.includes('%') ? part.replace(percentRun, percentDecoded) : part;
  const read = plain.replace(dots, '.').normalize('NFKC').replace(dots, '.').replace(hyphens, '-').replace(unseen, '');
  return isEncoded ? read.replaceAll(' ', '\u00A0') : read;
}

const percentRun = /(?:%[0-9A-Fa-f]{2})+/g;

/** The characters that were encoded, or the text as it stands where they are none that can be read. */
function percentDecoded(encoded: string): string {
  const bytes = Buffer.from(encoded.replaceAll('%', ''), 'hex');
  const decoded = bytes.toString('utf8');
  return unreadable.test(decoded) ? encoded : decoded;
}

const unreadable = /[\p{Cc}\uFFFD]/u;
