import { plainMarkdown } from '../content/markdown-text.ts';
import { visible } from '../content/report.ts';

/** How a review is written: for GitHub, or for a terminal. Every text is of somebody else and may steer neither. */
export interface ReviewStyle {
  readonly heading: (level: 2 | 3, text: string) => string;
  /** A sentence of ours, in which `words` and `code` have been put. */
  readonly paragraph: (text: string) => string;
  readonly words: (text: string) => string;
  readonly code: (text: string) => string;
  /** An update as the public reads it. */
  readonly quote: (update: { readonly html: string; readonly text: string }) => string;
  /** Lines of a file as they stand. */
  readonly lines: (text: string) => string;
  /** Cells are made by `words` and `code`. */
  readonly table: (head: readonly string[], rows: readonly (readonly string[])[]) => string;
}

/** The Markdown of a job's summary. Texts stand in it as HTML in one line, so that none of them begins anything. */
export const githubStyle: ReviewStyle = {
  heading: (level, text) => `${'#'.repeat(level)} ${plainMarkdown(text)}`,
  paragraph: (text) => text,
  words: plainMarkdown,
  code: (text) => `<code>${htmlText(text)}</code>`,
  quote: ({ html }) => `<blockquote>${withAddresses(html).replaceAll('\n', '&#10;')}</blockquote>`,
  lines: (text) => `<pre>${htmlText(text)}</pre>`,
  table: (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
};

/** Plain text for a terminal. */
export const textStyle: ReviewStyle = {
  heading: (level, text) => (level === 2 ? `${visible(text)}\n${'='.repeat(visible(text).length)}` : visible(text)),
  paragraph: (text) => text,
  words: visible,
  code: visible,
  quote: ({ text }) => indented(text),
  lines: indented,
  table: (_head, rows) => rows.map((cells) => `  ${cells.join('  ')}`).join('\n'),
};

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  > ${visible(line)}`)
    .join('\n');
}

function htmlText(text: string): string {
  return text
    .split('\n')
    .map((line) => visible(line).replace(/[&<>"'`|*_~[\]\\@:$#]/g, (one) => `&#${one.codePointAt(0)};`))
    .join('&#10;');
}

/** Where a link leads stands beside it: a reviewer approves the address too. */
function withAddresses(html: string): string {
  return html.replace(/<a href="([^"]*)"[^>]*>(.*?)<\/a>/gs, (link, address: string, said: string) =>
    said === address ? link : `${link} <code>${address}</code>`,
  );
}
