import { visible } from './report.ts';

/** A text in one line that GitHub's Markdown shows as it is: no character of it begins a format, a list, a link, HTML or a mention. */
export function plainMarkdown(text: string): string {
  return visible(text).replace(/[^\p{L}\p{N}\p{M} ,;'’“”?%=]/gu, (one) => `&#${one.codePointAt(0)};`);
}
