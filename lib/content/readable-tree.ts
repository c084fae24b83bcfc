import type { Definition, Nodes, Parents, Root, Table, TableRow } from 'mdast';
import { toString as plainString } from 'mdast-util-to-string';
import { redactionMarker } from '../policy/constants.ts';
import { splitAddresses } from './bare-address.ts';
import { HtmlReader } from './html-reader.ts';
import { TreeBuilder } from './tree-builder.ts';

/**
 * What a reader will read of a tree, in the few nodes that the policy's tags can show: paragraphs, lists, code, emphasis
 * and safe links. Everything else is unwrapped to its text: headings, quotes and raw HTML to paragraphs, images to their
 * descriptions, tables to lists. Bare addresses become links.
 */
export function readableTree(tree: Root): Root {
  const reader = new MarkdownReader(definitionsOf(tree));
  reader.blocks(tree);
  return reader.builder.finish();
}

/** The tree of HTML alone, by the same rules. */
export function readableHtml(html: string): Root {
  const builder = new TreeBuilder();
  new HtmlReader(builder).read(html, builder.scope, 0);
  return builder.finish();
}

/** The first definition of each label counts. */
function definitionsOf(tree: Root): ReadonlyMap<string, Definition> {
  const definitions = new Map<string, Definition>();
  const open: Nodes[] = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
    if ('children' in node && mayHoldDefinitions.has(node.type))
      for (const child of node.children.toReversed()) open.push(child);
  }
  return definitions;
}

const mayHoldDefinitions: ReadonlySet<string> = new Set(['root', 'blockquote', 'list', 'listItem']);

class MarkdownReader {
  readonly builder = new TreeBuilder();
  readonly #html = new HtmlReader(this.builder);
  readonly #definitions: ReadonlyMap<string, Definition>;
  #scope = this.builder.scope;
  #inlineFloor = 0;

  constructor(definitions: ReadonlyMap<string, Definition>) {
    this.#definitions = definitions;
  }

  /** Blocks one after another: a silent element that is left open ends with its block. */
  blocks(parent: Parents): void {
    for (const child of parent.children) {
      this.#node(child);
      this.#html.speakAgain();
    }
  }

  #node(node: Nodes): void {
    if (node.type === 'html') this.#html.read(node.value, this.#scope, this.#inlineFloor);
    else if (!this.#html.isSilent) this.#visible(node);
  }

  #children(parent: Parents): void {
    for (const child of parent.children) this.#node(child);
  }

  #visible(node: Nodes): void {
    switch (node.type) {
      case 'text':
        this.#text(node.value);
        break;
      case 'paragraph':
      case 'heading':
        this.#container(() => this.#children(node));
        break;
      case 'blockquote':
        this.#container(() => this.blocks(node));
        break;
      case 'list':
        this.#list(
          node.ordered === true,
          node.spread === true || node.children.some((item) => item.spread === true),
          node.children,
        );
        break;
      case 'table':
        this.#table(node);
        break;
      case 'code':
        this.builder.code(node.value);
        break;
      case 'inlineCode':
        this.builder.inlineCode(node.value);
        break;
      case 'break':
        this.builder.lineBreak();
        break;
      case 'emphasis':
      case 'strong':
        this.#inline(node.type, node);
        break;
      case 'link':
        this.#link(node, node.url);
        break;
      case 'linkReference':
        this.#link(node, this.#definitions.get(node.identifier)?.url);
        break;
      case 'image':
      case 'imageReference':
        this.builder.text(node.alt ?? '');
        break;
      case 'thematicBreak':
      case 'definition':
        this.builder.breakBlock();
        break;
      default:
        if ('children' in node) this.#children(node);
    }
  }

  #text(value: string): void {
    for (const part of splitAddresses(value)) {
      const depth = this.builder.inlineDepth;
      if (part.isAddress) this.builder.openInline('a', 'link', part.text);
      this.builder.text(part.text);
      if (part.isAddress) this.builder.closeInlines(depth);
    }
  }

  /** The marker of a redaction never becomes a link, whatever was written beside it. */
  #link(node: Parents, url: string | undefined): void {
    const [only] = node.children;
    const isMarker = only?.type === 'text' && `[${only.value}]` === redactionMarker;
    if (isMarker) this.builder.text(redactionMarker);
    else this.#inline('link', node, url);
  }

  #inline(kind: 'emphasis' | 'strong' | 'link', node: Parents, url = ''): void {
    const floor = this.#inlineFloor;
    const depth = this.builder.inlineDepth;
    this.builder.openInline(kind, kind, url);
    this.#inlineFloor = this.builder.inlineDepth;
    this.#children(node);
    this.builder.closeInlines(depth);
    this.#inlineFloor = floor;
  }

  /** A block: what raw HTML opens in it ends with it. */
  #container(content: () => void): void {
    const scope = this.#scope;
    this.builder.breakBlock();
    this.#scope = this.builder.scope;
    content();
    this.#html.speakAgain();
    this.builder.closeScope(this.#scope);
    this.#scope = scope;
  }

  #list(isOrdered: boolean, isLoose: boolean, items: readonly Parents[]): void {
    this.#container(() => {
      this.builder.openList(isOrdered, isLoose);
      const scope = this.builder.scope;
      for (const item of items) {
        this.builder.openItem(scope);
        this.#container(() => this.blocks(item));
      }
    });
  }

  /** Each row becomes an item that names its columns: `Region: Europe; Errors: 3%`. */
  #table(table: Table): void {
    const [head, ...rows] = table.children;
    const names = head === undefined ? [] : head.children.map((cell) => plainString(cell, { includeHtml: false }));
    this.#container(() => {
      this.builder.openList(false, false);
      const scope = this.builder.scope;
      for (const row of rows.length > 0 || head === undefined ? rows : [head]) {
        this.builder.openItem(scope);
        this.#row(row, row === head ? [] : names);
      }
    });
  }

  #row(row: TableRow, names: readonly string[]): void {
    this.#container(() => {
      row.children.forEach((cell, index) => {
        const name = names[index] ?? '';
        this.builder.text(`${index > 0 ? '; ' : ''}${name === '' ? '' : `${name}: `}`);
        this.#children(cell);
        this.builder.closeInlines(0);
      });
    });
  }
}
