import type { BlockContent, List, ListItem, PhrasingContent, Root } from 'mdast';
import { isVisible, trimmed, unprintable } from './paragraph-content.ts';
import { safeUrl } from './safe-url.ts';

/** What may wrap text in a paragraph. */
export type InlineKind = 'emphasis' | 'strong' | 'link';

/** How deep lists, and elements within a line, may nest; deeper ones are unwrapped. */
const maxDepth = { containers: 200, inlines: 100 };

interface OpenInline {
  readonly name: string;
  /** The node that text goes into, or `undefined` where the element is unwrapped. */
  readonly node: { readonly children: PhrasingContent[] } | undefined;
}

type Container = Root | List | ListItem;

/**
 * Builds a tree of paragraphs, lists, code and links from a stream of events, whatever their order: what is left open is
 * closed, what is closed twice is ignored, and nothing nests that HTML would not nest the same way.
 */
export class TreeBuilder {
  readonly #root: Root = { type: 'root', children: [] };
  readonly #containers: Container[] = [this.#root];
  #paragraph: PhrasingContent[] | undefined;
  #inlines: OpenInline[] = [];
  #capture: { readonly name: 'code' | 'pre'; text: string; atStart: boolean } | undefined;

  /** The tree of all that came. */
  finish(): Root {
    this.closeScope(1);
    return this.#root;
  }

  /** How many containers are open: what `closeScope` returns to. */
  get scope(): number {
    return this.#containers.length;
  }

  /** Ends the paragraph and closes every container opened since there were `scope` of them. */
  closeScope(scope: number): void {
    this.endCapture();
    this.breakBlock();
    this.#containers.length = Math.min(this.#containers.length, Math.max(scope, 1));
  }

  /** Adds text, which joins what was said before it. */
  text(value: string): void {
    const clean = value.replace(unprintable, '');
    if (this.#capture !== undefined) this.#captureText(this.#capture, clean);
    else if (clean !== '') this.#addText(clean);
  }

  /** Adds a line break. */
  lineBreak(): void {
    if (this.#capture !== undefined) this.#capture.text += this.#capture.name === 'pre' ? '\n' : ' ';
    else if (this.#paragraph !== undefined) this.#inlineChildren().push({ type: 'break' });
  }

  /** Adds code within the line. */
  inlineCode(value: string): void {
    if (this.#capture !== undefined) this.text(value);
    else if (value !== '') this.#inlineChildren().push({ type: 'inlineCode', value: value.replace(unprintable, '') });
  }

  /** Adds a block of code, unless it is blank. */
  code(value: string): void {
    this.breakBlock();
    const clean = value.replace(unprintable, '');
    if (clean.trim() !== '') this.#block({ type: 'code', value: clean });
  }

  /** Opens an element within the line; a link that is refused, or that stands in another one, is unwrapped. */
  openInline(name: string, kind: InlineKind, url = ''): void {
    if (this.#inlines.length >= maxDepth.inlines) return;
    if (this.#capture !== undefined) this.#capture.atStart = false;
    this.#inlines.push({ name, node: this.#capture === undefined ? this.#inlineNode(kind, url) : undefined });
  }

  /** How many elements are open within the line: what `closeInlines` returns to. */
  get inlineDepth(): number {
    return this.#inlines.length;
  }

  /** Closes all elements within the line that were opened since there were `depth` of them. */
  closeInlines(depth: number): void {
    this.#inlines.length = Math.min(this.#inlines.length, depth);
  }

  /** Closes the innermost open element of that name which was opened after `floor` others, with all that is in it. */
  closeInline(name: string, floor: number): void {
    let at = this.#inlines.length - 1;
    while (at >= floor && this.#inlines[at]?.name !== name) at--;
    if (at >= floor) this.closeInlines(at);
  }

  /** Ends the paragraph; the next text begins another. */
  breakBlock(): void {
    if (this.#capture !== undefined) {
      this.lineBreak();
      return;
    }
    this.#inlines = [];
    const children = this.#paragraph === undefined ? [] : trimmed(this.#paragraph);
    this.#paragraph = undefined;
    if (children.some(isVisible)) this.#block({ type: 'paragraph', children });
  }

  /** Ends the paragraph and says that the next is one of its own, so that its list keeps its paragraphs apart. */
  openParagraph(): void {
    this.breakBlock();
    const list = this.#top.type === 'listItem' ? this.#containers.at(-2) : undefined;
    if (list?.type === 'list' && this.#capture === undefined) list.spread = true;
  }

  /** Opens a list; `isLoose` lists keep their paragraphs apart. */
  openList(isOrdered: boolean, isLoose: boolean): void {
    this.breakBlock();
    if (this.#capture !== undefined || this.#containers.length > maxDepth.containers) return;
    const list: List = { type: 'list', ordered: isOrdered, spread: isLoose, children: [] };
    this.#block(list);
    this.#containers.push(list);
  }

  /** Opens an item of the innermost list opened after `scope` containers, ending the item before; elsewhere, a paragraph. */
  openItem(scope: number): void {
    this.closeItem(scope);
    if (this.#top.type === 'list' && this.#capture === undefined) this.#pushItem(this.#top);
  }

  /** Closes the item that is open, if it was opened after `scope` containers. */
  closeItem(scope: number): void {
    this.breakBlock();
    if (this.#capture !== undefined || this.#containers.length <= scope) return;
    if (this.#top.type === 'listItem') this.#containers.pop();
  }

  /** Closes the innermost list that was opened after `scope` containers. */
  closeList(scope: number): void {
    this.breakBlock();
    if (this.#capture !== undefined) return;
    const at = this.#containers.findLastIndex((container) => container.type === 'list');
    if (at >= scope) this.#containers.length = at;
  }

  /** Collects all text that follows as code: `code` within the line, `pre` as a block. */
  beginCapture(name: 'code' | 'pre'): void {
    if (this.#capture !== undefined) {
      this.#capture.atStart = false;
      return;
    }
    if (name === 'pre') this.breakBlock();
    this.#capture = { name, text: '', atStart: name === 'pre' };
  }

  /** Ends what `beginCapture` began, if it did. */
  endCapture(name = this.#capture?.name): void {
    const capture = this.#capture;
    if (capture === undefined || capture.name !== name) return;
    this.#capture = undefined;
    if (name === 'code') this.inlineCode(capture.text);
    else this.code(capture.text.replace(/\n$/, ''));
  }

  /** A newline right after `<pre>` says nothing. */
  #captureText(capture: { text: string; atStart: boolean }, value: string): void {
    capture.text += capture.atStart ? value.replace(/^\n/, '') : value;
    if (value !== '') capture.atStart = false;
  }

  get #top(): Container {
    return this.#containers.at(-1) ?? this.#root;
  }

  #block(node: BlockContent): void {
    const top = this.#top;
    const parent = top.type === 'list' ? this.#pushItem(top) : top;
    parent.children.push(node);
  }

  #pushItem(list: List): ListItem {
    const item: ListItem = { type: 'listItem', spread: false, children: [] };
    list.children.push(item);
    this.#containers.push(item);
    return item;
  }

  #addText(value: string): void {
    const siblings = this.#inlineChildren();
    const last = siblings.at(-1);
    if (last?.type === 'text') last.value += value;
    else siblings.push({ type: 'text', value: last?.type === 'break' ? value.replace(/^[ \t]*\n/, '') : value });
  }

  #inlineChildren(): PhrasingContent[] {
    this.#paragraph ??= [];
    return this.#inlines.findLast((open) => open.node !== undefined)?.node?.children ?? this.#paragraph;
  }

  #inlineNode(kind: InlineKind, url: string): OpenInline['node'] {
    if (kind !== 'link') return this.#appended({ type: kind, children: [] });
    const address = this.#inlines.some((open) => open.node !== undefined && 'url' in open.node)
      ? undefined
      : safeUrl(url);
    return address === undefined ? undefined : this.#appended({ type: 'link', url: address, children: [] });
  }

  #appended<N extends PhrasingContent & { children: PhrasingContent[] }>(node: N): N {
    this.#inlineChildren().push(node);
    return node;
  }
}
