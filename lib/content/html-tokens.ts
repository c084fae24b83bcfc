import { type Token, type TokenHandler, Tokenizer, TokenizerMode } from 'parse5';

/** What raw HTML says, in order: text with its entities resolved, and tags with lower-case names. */
export interface HtmlEvents {
  text(value: string): void;
  startTag(name: string, attributes: ReadonlyMap<string, string>): void;
  endTag(name: string): void;
}

/**
 * Reads HTML by the standard's tokenizer, in linear time. Comments, declarations and the content of script-like elements
 * (`rawNames`) say nothing; a tag that never ends is text.
 */
export function readHtml(html: string, rawNames: ReadonlySet<string>, events: HtmlEvents): void {
  let consumed = 0;
  const read = (token: Token.Token) => {
    consumed = token.location?.endOffset ?? consumed;
  };
  const handler: TokenHandler = {
    onStartTag(tag) {
      read(tag);
      if (rawNames.has(tag.tagName)) tokenizer.state = TokenizerMode.RAWTEXT;
      events.startTag(tag.tagName, new Map(tag.attrs.map(({ name, value }) => [name, value])));
    },
    onEndTag(tag) {
      read(tag);
      events.endTag(tag.tagName);
    },
    onCharacter(token) {
      read(token);
      events.text(token.chars);
    },
    onWhitespaceCharacter(token) {
      read(token);
      events.text(token.chars);
    },
    onNullCharacter: read,
    onComment: read,
    onDoctype: read,
    onEof() {
      if (consumed < html.length) events.text(html.slice(consumed));
    },
    onParseError: null,
  };
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: true }, handler);
  tokenizer.write(html, true);
}
