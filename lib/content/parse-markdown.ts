import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';

/** The syntax tree of an update's Markdown: CommonMark and tables, every node with its position; raw HTML stays as `html` nodes. */
export function parseMarkdown(source: string): Root {
  return fromMarkdown(source, dialect);
}

const dialect = { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] };
