import type { Paragraph, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { exceedsMarkdownLimits } from './markdown-limits.ts';

/**
 * The syntax tree of an update's Markdown: CommonMark and tables, every node with its position; raw HTML stays as `html`
 * nodes. A text beyond the limits becomes paragraphs of its source, word for word.
 */
export function parseMarkdown(source: string): Root {
  return exceedsMarkdownLimits(source) ? verbatim(source) : fromMarkdown(source, dialect);
}

const dialect = { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] };

function verbatim(source: string): Root {
  const children: Paragraph[] = [];
  let line = 1;
  let offset = 0;
  let open: Paragraph | undefined;
  for (const text of source.split(/(?<=\n)|(?<=\r)(?!\n)/)) {
    const value = text.replace(/[\r\n]+$/, '');
    if (value.trim() === '') open = undefined;
    else open = appendLine(children, open, value, { line, offset });
    offset += text.length;
    line++;
  }
  const start = { line: 1, column: 1, offset: 0 };
  return { type: 'root', children, position: { start, end: { line, column: 1, offset } } };
}

interface LineStart {
  readonly line: number;
  readonly offset: number;
}

/** The paragraph that now holds the line: the open one, or a new one at the end of `children`. */
function appendLine(children: Paragraph[], open: Paragraph | undefined, value: string, at: LineStart): Paragraph {
  const start = { line: at.line, column: 1, offset: at.offset };
  const end = { line: at.line, column: value.length + 1, offset: at.offset + value.length };
  const text = { type: 'text', value, position: { start, end } } as const;
  if (open === undefined) {
    const paragraph: Paragraph = { type: 'paragraph', children: [text], position: { start, end: { ...end } } };
    children.push(paragraph);
    return paragraph;
  }
  const before = open.position?.end;
  const newline = { type: 'text', value: '\n', position: { start: before ?? start, end: { ...start } } } as const;
  open.children.push(newline, text);
  open.position = { start: open.position?.start ?? start, end: { ...end } };
  return open;
}
