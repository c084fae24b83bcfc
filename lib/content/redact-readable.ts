import type { Link, Nodes, PhrasingContent, Root } from 'mdast';
import { redactionMarker } from '../policy/constants.ts';
import { findSensitive, type RedactionRules } from '../policy/redaction.ts';
import { findInReading, type Piece, type Stretch } from './redaction/reading.ts';

/** Puts the marker in place of what must not be published in a readable tree; a link to it is unwrapped. Changes the tree. */
export function redactReadable(tree: Root, rules: RedactionRules): void {
  for (const node of tree.children) redactBlock(node, rules);
}

type Holder = { value: string };

function redactBlock(node: Nodes, rules: RedactionRules): void {
  if (node.type === 'list' || node.type === 'listItem') {
    for (const child of node.children) redactBlock(child, rules);
    return;
  }
  const pieces: Piece<Holder>[] = [];
  collect(node, pieces);
  const edits = new Map<Holder, Edit[]>();
  for (const { stretches } of findInReading(pieces, rules)) addEdits(edits, stretches);
  for (const [holder, ranges] of edits) holder.value = edited(holder.value, ranges);
  if (node.type === 'paragraph') node.children = unwrapped(node.children, rules);
}

/** The texts of a block, in the order of reading. */
function collect(node: Nodes, pieces: Piece<Holder>[]): void {
  if (node.type === 'break') pieces.push({ text: '\n', holder: { value: '\n' }, start: 0, end: 1, isExact: false });
  else if (node.type === 'text' || node.type === 'inlineCode' || node.type === 'code')
    pieces.push({ text: node.value, holder: node, start: 0, end: node.value.length, isExact: true });
  else if ('children' in node) for (const child of node.children) collect(child, pieces);
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The marker goes where the find begins; the rest of it goes without. */
function addEdits(edits: Map<Holder, Edit[]>, stretches: readonly Stretch<Holder>[]): void {
  stretches.forEach(({ holder, start, end }, index) => {
    const ranges = edits.get(holder) ?? [];
    ranges.push({ start, end, text: index === 0 ? redactionMarker : '' });
    edits.set(holder, ranges);
  });
}

function edited(value: string, edits: readonly Edit[]): string {
  let result = '';
  let done = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < done) continue;
    result += value.slice(done, start) + text;
    done = end;
  }
  return result + value.slice(done);
}

/** Links whose address must not be published, or whose text was redacted, become their text. */
function unwrapped(children: PhrasingContent[], rules: RedactionRules): PhrasingContent[] {
  return children.flatMap((child) => {
    if ('children' in child) child.children = unwrapped(child.children, rules);
    return child.type === 'link' && mustUnwrap(child, rules) ? child.children : [child];
  });
}

function mustUnwrap(link: Link, rules: RedactionRules): boolean {
  const isSensitive = [link.url, decoded(link.url)].some((url) => findSensitive(url, rules).length > 0);
  return isSensitive || hasMarker(link.children);
}

const hasMarker = (nodes: readonly PhrasingContent[]): boolean =>
  nodes.some((node) => ('children' in node ? hasMarker(node.children) : isMarked(node)));

const isMarked = (node: PhrasingContent): boolean => 'value' in node && node.value.includes(redactionMarker);

/** Percent-encoding undone as far as it is well formed. */
function decoded(url: string): string {
  return url.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'));
}
