import type { Nodes, Parents, Root } from 'mdast';
import { breaksLine, DroppedElements, readHtml } from './html-text.ts';
import type { Piece } from './reading.ts';

/** A text of a node that can be replaced. */
export interface Field {
  readonly node: Nodes;
  readonly value: string;
  write(value: string): void;
}

/** What is read together in a tree; a `target` and a `label` go with the node that they belong to. */
export interface TreeReading {
  readonly pieces: readonly Piece<Field>[];
  readonly role: 'text' | 'target' | 'label';
  readonly owner?: Nodes;
}

/** Everything in a tree that a reader or a machine may read, block by block. Deep trees cost no stack. */
export function* readTree(tree: Root): Generator<TreeReading> {
  const open: Nodes[] = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell') yield* readBlock(node);
    else if (node.type === 'html') yield* readHtmlBlock(node);
    else if ('children' in node) for (let i = node.children.length - 1; i >= 0; i -= 1) push(open, node.children[i]);
    else yield* readLeaf(node);
  }
}

function push(open: Nodes[], node: Nodes | undefined): void {
  if (node !== undefined) open.push(node);
}

function* readLeaf(node: Nodes): Generator<TreeReading> {
  if (node.type === 'code') {
    yield { pieces: [wholeValue(node)], role: 'text' };
    if (node.lang) yield { pieces: [whole(node, node.lang, (value) => (node.lang = value))], role: 'text' };
    if (node.meta) yield { pieces: [whole(node, node.meta, (value) => (node.meta = value))], role: 'text' };
  } else if (node.type === 'definition') yield* readTarget(node);
  else if ('value' in node) yield { pieces: [wholeValue(node)], role: 'text' };
}

/** Addresses, titles and labels of links, images and definitions. */
function* readTarget(node: Nodes): Generator<TreeReading> {
  if ('url' in node && node.url)
    yield { pieces: [whole(node, node.url, (value) => (node.url = value))], role: 'target', owner: node };
  if ('title' in node && node.title)
    yield { pieces: [whole(node, node.title, (value) => (node.title = value))], role: 'text' };
  if ('label' in node && node.label)
    yield { pieces: [whole(node, node.label, (value) => (node.label = value))], role: 'label', owner: node };
}

function* readHtmlBlock(node: Nodes & { type: 'html' }): Generator<TreeReading> {
  const { shown, hidden } = readHtml([wholeValue(node)]);
  yield { pieces: shown, role: 'text' };
  for (const pieces of hidden) yield { pieces, role: 'text' };
}

function* readBlock(block: Parents): Generator<TreeReading> {
  const only = block.children[0];
  if (block.children.length === 1 && only?.type === 'text') {
    yield { pieces: [wholeValue(only)], role: 'text' };
    return;
  }
  const pieces: Piece<Field>[] = [];
  const dropping = new DroppedElements();
  const open: Nodes[] = block.children.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'html') yield* readInlineHtml(node, pieces, dropping);
    else if (node.type === 'break') pieces.push({ ...whole(node, '\n', ignore), isExact: false });
    else if ('value' in node) pieces.push({ ...wholeValue(node), isOptional: dropping.isInside });
    else if ('alt' in node) yield* readImage(node, pieces);
    if ('url' in node || 'label' in node) yield* readTarget(node);
    if ('children' in node) for (let i = node.children.length - 1; i >= 0; i -= 1) push(open, node.children[i]);
  }
  if (pieces.length > 0) yield { pieces, role: 'text' };
}

function* readInlineHtml(
  node: Nodes & { type: 'html' },
  pieces: Piece<Field>[],
  dropping: DroppedElements,
): Generator<TreeReading> {
  const piece = wholeValue(node);
  for (const hidden of readHtml([piece]).hidden) yield { pieces: hidden, role: 'text' };
  pieces.push({ ...piece, isMarkup: true });
  dropping.see(node.value);
  if (breaksLine(node.value)) pieces.push({ ...piece, text: '\n', start: piece.end, isExact: false });
}

/** A description is read on its own, and among what stands around it: a renderer may do either. */
function* readImage(node: Nodes & { alt?: string | null | undefined }, pieces: Piece<Field>[]): Generator<TreeReading> {
  if (!node.alt) return;
  const piece = whole(node, node.alt, (value) => (node.alt = value));
  pieces.push({ ...piece, isOptional: true });
  yield { pieces: [piece], role: 'text' };
}

function wholeValue(node: Nodes & { value: string }): Piece<Field> {
  return whole(node, node.value, (value) => (node.value = value));
}

function whole(node: Nodes, value: string, write: (value: string) => void): Piece<Field> {
  return { text: value, holder: { node, value, write }, start: 0, end: value.length, isExact: true };
}

/** A line break has nothing to replace. */
function ignore(): void {
  return;
}
