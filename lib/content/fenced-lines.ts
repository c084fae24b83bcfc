/**
 * Follows a text line by line and says which lines are surely code between fences, wherever the parser is. Once a fence or
 * raw HTML makes that doubtful, no line is.
 */
export class FencedLines {
  #fence: { readonly marker: string; readonly column: number } | undefined;
  #isDoubtful = false;

  /** Whether the line is within a fence at the left margin, or is one of the two. */
  add(line: string): boolean {
    if (this.#isDoubtful) return false;
    const fence = this.#fence;
    if (fence === undefined) return this.#open(line);
    if (closes(line, fence.marker, fence.column)) this.#fence = undefined;
    else if (fence.column > 0 && indentOf(line) < fence.column) this.#isDoubtful = true;
    return fence.column === 0;
  }

  #open(line: string): boolean {
    if (!mayMatter.test(line)) return false;
    this.#isDoubtful = longHtml.test(line);
    const { before, marker } = opener.exec(line)?.groups ?? {};
    if (before === undefined || marker === undefined) return false;
    this.#fence = { marker, column: before.length };
    this.#isDoubtful ||= before.includes('\t');
    return before === '';
  }
}

const mayMatter = /```|~~~|<[!?A-Za-z]/;
/** HTML that goes on over blank lines. */
const longHtml = /^(?:[ \t>*+-]|\d{1,9}[.)])*<(?:[!?]|(?:script|pre|style|textarea)(?![\w-]))/i;
/** A fence, perhaps as the first line of an item; within a quote it ends with the quote. */
const opener = /^(?<before>(?:[ \t*+-]|\d{1,9}[.)])*)(?<marker>`{3,}(?=[^`]*$)|~{3,})/;

function closes(line: string, marker: string, column: number): boolean {
  const [, indent, run] = /^( *)(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
  if (indent === undefined || run === undefined) return false;
  const isInPlace = column === 0 ? indent.length <= 3 : indent.length === column;
  return isInPlace && run[0] === marker[0] && run.length >= marker.length;
}

/** A blank line belongs to any fence. */
function indentOf(line: string): number {
  const indent = line.search(/[^ ]/);
  return indent === -1 || line.trim() === '' ? Number.POSITIVE_INFINITY : indent;
}
