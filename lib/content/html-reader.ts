import { readHtml } from './html-tokens.ts';
import type { TreeBuilder } from './tree-builder.ts';

/** Elements whose content is not for readers: it runs, embeds or draws. */
const silentNames: ReadonlySet<string> = new Set([
  ...['script', 'style', 'template', 'iframe', 'noembed', 'noframes', 'svg', 'math'],
  ...['object', 'applet', 'audio', 'video', 'canvas', 'head', 'frameset'],
]);

/** Those of them whose content is not read as tags. */
const rawNames: ReadonlySet<string> = new Set(['script', 'style', 'iframe', 'noembed', 'noframes']);

/** Elements that stand on lines of their own. */
const blockNames: ReadonlySet<string> = new Set([
  ...[
    'address',
    'article',
    'aside',
    'blockquote',
    'body',
    'caption',
    'center',
    'dd',
    'details',
    'dialog',
    'dir',
    'div',
  ],
  ...['dl', 'dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header'],
  ...[
    'hgroup',
    'hr',
    'html',
    'legend',
    'main',
    'menu',
    'nav',
    'optgroup',
    'option',
    'p',
    'search',
    'section',
    'select',
  ],
  ...[
    'summary',
    'table',
    'tbody',
    'textarea',
    'tfoot',
    'thead',
    'title',
    'tr',
    'plaintext',
    'xmp',
    'listing',
    'marquee',
  ],
]);

/** Tells a tree builder what raw HTML says, whether a whole document comes at once or tag by tag. */
export class HtmlReader {
  readonly #builder: TreeBuilder;
  #silent: { readonly name: string; depth: number } | undefined;

  constructor(builder: TreeBuilder) {
    this.#builder = builder;
  }

  /** Whether an element is open whose content is not for readers. */
  get isSilent(): boolean {
    return this.#silent !== undefined;
  }

  /** Ends such an element, at the end of the block that it stands in. */
  speakAgain(): void {
    this.#silent = undefined;
  }

  /** Reads a piece of HTML; it closes no container older than `scope` and no inline element older than `inlineFloor`. */
  read(html: string, scope: number, inlineFloor: number): void {
    readHtml(html.replace(/\r\n?/g, '\n'), rawNames, {
      text: (value) => {
        if (!this.isSilent) this.#builder.text(value);
      },
      startTag: (name, attributes) => {
        if (!this.#isHushed(name, 1)) this.#start(name, attributes, scope, inlineFloor);
      },
      endTag: (name) => {
        if (!this.#isHushed(name, -1)) this.#end(name, scope, inlineFloor);
      },
    });
  }

  /** Keeps account of silent elements, and says whether the tag belongs to one. */
  #isHushed(name: string, step: 1 | -1): boolean {
    if (this.#silent === undefined) {
      if (!silentNames.has(name)) return false;
      if (step === 1) this.#silent = { name, depth: 1 };
      return true;
    }
    if (this.#silent.name === name) this.#silent.depth += step;
    if (this.#silent.depth === 0) this.#silent = undefined;
    return true;
  }

  #start(name: string, attributes: ReadonlyMap<string, string>, scope: number, inlineFloor: number): void {
    const builder = this.#builder;
    if (name === 'p') builder.openParagraph();
    else if (blockNames.has(name)) builder.breakBlock();
    else if (name === 'ul' || name === 'ol') builder.openList(name === 'ol', false);
    else if (name === 'li') builder.openItem(scope);
    else if (name === 'code' || name === 'pre') builder.beginCapture(name);
    else if (name === 'br') builder.lineBreak();
    else if (name === 'img') builder.text(attributes.get('alt') ?? '');
    else if (name === 'td' || name === 'th') builder.text(' ');
    else if (name === 'em') builder.openInline(name, 'emphasis');
    else if (name === 'strong') builder.openInline(name, 'strong');
    else if (name === 'a') this.#startLink(attributes.get('href') ?? '', inlineFloor);
  }

  #startLink(url: string, inlineFloor: number): void {
    this.#builder.closeInline('a', inlineFloor);
    this.#builder.openInline('a', 'link', url);
  }

  #end(name: string, scope: number, inlineFloor: number): void {
    const builder = this.#builder;
    if (blockNames.has(name)) builder.breakBlock();
    else if (name === 'ul' || name === 'ol') builder.closeList(scope);
    else if (name === 'li') builder.closeItem(scope);
    else if (name === 'code' || name === 'pre') builder.endCapture(name);
    else builder.closeInline(name, inlineFloor);
  }
}
