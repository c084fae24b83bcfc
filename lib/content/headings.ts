import type { Position } from '../schema/problem.ts';
import { exceedsMarkdownLimits } from './markdown-limits.ts';
import { parseMarkdown } from './parse-markdown.ts';

/** A heading of level 1 or 2 that stands at the top level of a body; lines count from 0 within the body. */
export interface Heading {
  readonly level: 1 | 2;
  readonly line: number;
  readonly column: number;
  /** The line after the last line of the heading: setext headings have more than one. */
  readonly endLine: number;
  /** `## ...` at the start of its line; every other form is refused. */
  readonly plain: boolean;
}

/** What divides a body. */
export interface BodyOutline {
  readonly headings: readonly Heading[];
  /** Where a fence opens that nothing closes, or HTML that swallows a heading. */
  readonly openFence: Position | undefined;
}

/**
 * Find the headings that divide a body, exactly as the renderer's parser does. Nearly every body is plain enough to be
 * read line by line; one with HTML blocks, indented headings or fences, or underlined text is parsed whole.
 */
export function outlineOf(lines: readonly string[]): BodyOutline {
  return outlineByLine(lines, false) ?? outlineByTree(lines) ?? outlineByLine(lines, true) ?? nothing;
}

const nothing: BodyOutline = { headings: [], openFence: undefined };

const fence = /^(`{3,}(?=[^`]*$)|~{3,})/;
const heading = /^(#{1,2})(?=[ \t]|$)/;
/** What a line-by-line reading could take for something else than the parser does. */
const subtle =
  /^(?: {1,3}(?:#{1,2}(?:[ \t]|$)|`{3}|~{3})| {0,3}<[A-Za-z/!?]|[ \t]*(?:(?:[-*+]|\d{1,9}[.)]|>)[ \t]*)+(?:`{3}|~{3}))/;
const underline = /^ {0,3}(?:=+|-+)[ \t]*$/;

/** The outline of a plain body; `undefined` where only the parser can tell, unless it must be `plain`. */
function outlineByLine(lines: readonly string[], plain: boolean): BodyOutline | undefined {
  const headings: Heading[] = [];
  let open: { readonly marker: string; readonly line: number } | undefined;
  for (const [line, text] of lines.entries()) {
    if (open !== undefined) {
      if (closes(text, open.marker)) open = undefined;
      continue;
    }
    if (text === '') continue;
    if (!plain && (subtle.test(text) || (underline.test(text) && (lines[line - 1] ?? '').trim() !== '')))
      return undefined;
    const marker = fence.exec(text)?.[1];
    if (marker !== undefined) open = { marker, line };
    const hashes = heading.exec(text)?.[1];
    if (hashes !== undefined) {
      headings.push({ level: hashes.length === 1 ? 1 : 2, line, column: 1, endLine: line + 1, plain: true });
    }
  }
  return { headings, openFence: open === undefined ? undefined : { line: open.line, column: 1 } };
}

function closes(text: string, marker: string): boolean {
  const run = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(text)?.[1];
  return run !== undefined && run[0] === marker[0] && run.length >= marker.length;
}

/** The outline by the parser; `undefined` of a text beyond its limits, which is shown as it was typed. */
function outlineByTree(lines: readonly string[]): BodyOutline | undefined {
  const source = lines.join('\n');
  if (exceedsMarkdownLimits(source)) return undefined;
  const headings: Heading[] = [];
  let openFence: Position | undefined;
  for (const node of parseMarkdown(source).children) {
    const { position } = node;
    if (position === undefined) continue;
    const line = position.start.line - 1;
    const column = position.start.column;
    const text = lines[line] ?? '';
    if (node.type === 'heading' && (node.depth === 1 || node.depth === 2)) {
      headings.push({ level: node.depth, line, column, endLine: position.end.line, plain: heading.test(text) });
    }
    if (node.type === 'html' && isOpenHtml(lines.slice(line, position.end.line))) openFence = { line, column };
    if (node.type === 'code') {
      const marker = fence.exec(text.trimStart())?.[1];
      const last = lines[position.end.line - 1] ?? '';
      if (marker !== undefined && (position.end.line === position.start.line || !closes(last, marker)))
        openFence = { line, column };
    }
  }
  return { headings, openFence };
}

/** Whether HTML went on over a heading to the end of the body, because nothing closed it. */
function isOpenHtml(lines: readonly string[]): boolean {
  return lines.some((text) => heading.test(text)) && !/>\s*$/.test(lines.at(-1) ?? '');
}
