import type { Link, LinkReference, Nodes, Parents, PhrasingContent, Root } from 'mdast';
import { redactionMarker } from '../policy/constants.ts';
import type { RedactionRules } from '../policy/redaction.ts';
import type { Position } from '../schema/problem.ts';
import type { Finding } from './redact-markdown.ts';
import { lineFollower } from './redaction/line-follower.ts';
import { findInReading, hasWords, type Located } from './redaction/reading.ts';
import { type Field, readTree } from './redaction/tree-readings.ts';

/**
 * Put the marker in the place of what must not be published, in a tree that is about to be rendered. A link to it becomes
 * its text with the marker behind it. Says what was found; positions are those of the nodes.
 */
export function redactTree(tree: Root, rules: RedactionRules): Finding[] {
  const findings = redactOnce(tree, rules);
  for (let round = 1, last = findings; last.length > 0 && round < mostRounds; round += 1) {
    last = redactOnce(tree, rules);
    findings.push(...last);
  }
  return findings;
}

/** What was glued together is found once its neighbour is gone. */
const mostRounds = 12;

function redactOnce(tree: Root, rules: RedactionRules): Finding[] {
  const findings: Finding[] = [];
  const changes = new Map<Field, Change[]>();
  const broken = new Set<Nodes>();
  const followers = new Map<Field, (offset: number) => Position>();
  for (const { pieces, role, owner } of readTree(tree)) {
    for (const located of findInReading(pieces, rules)) {
      findings.push(finding(located, followers));
      if (owner !== undefined && role !== 'text') broken.add(owner);
      else note(changes, located);
    }
  }
  if (findings.length === 0) return findings;
  for (const [field, fieldChanges] of changes) field.write(changed(field.value, fieldChanges));
  dissolve(tree, broken, new Set([...changes.keys()].map(({ node }) => node)));
  return findings;
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function note(changes: Map<Field, Change[]>, { stretches }: Located<Field>): void {
  stretches.forEach(({ holder, start, end }, index) => {
    const list = changes.get(holder) ?? [];
    list.push({ start, end, text: index === 0 ? redactionMarker : '' });
    changes.set(holder, list);
  });
}

function changed(value: string, changes: readonly Change[]): string {
  let result = '';
  let offset = 0;
  for (const { start, end, text } of [...changes].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= offset && offset > 0) continue;
    result += start < offset ? '' : value.slice(offset, start) + text;
    offset = Math.max(offset, end);
  }
  return result + value.slice(offset);
}

/** Where a find begins, as far as the node knows; finds come in order within a field. */
function finding(
  { kind, stretches: [{ holder, start }] }: Located<Field>,
  followers: Map<Field, (offset: number) => Position>,
): Finding {
  const { line, column } = holder.node.position?.start ?? { line: 1, column: 1 };
  const follow = followers.get(holder) ?? lineFollower(holder.value);
  followers.set(holder, follow);
  const within = follow(start);
  return { kind, line: line + within.line - 1, column: within.line === 1 ? column + start : within.column };
}

/** Take away links, images and definitions that may not stay, and what has become empty. */
function dissolve(tree: Root, broken: ReadonlySet<Nodes>, changedNodes: ReadonlySet<Nodes>): void {
  const labels = new Set<string>();
  for (const node of broken) if (node.type === 'definition') labels.add(node.identifier);
  const isBroken = (node: Nodes) =>
    broken.has(node) ||
    ((node.type === 'linkReference' || node.type === 'imageReference' || node.type === 'definition') &&
      labels.has(node.identifier));
  const open: Parents[] = [tree];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    const children: Nodes[] = parent.children;
    for (let i = 0; i < children.length; i += 1) {
      const child = children[i];
      if (child === undefined) continue;
      if (isBroken(child)) children.splice(i, 1, ...inPlaceOf(child, changedNodes));
      else if (isHollow(child, changedNodes)) children.splice(i, 1, ...child.children);
      const now = children[i];
      if (now !== undefined && changedNodes.has(now) && now.type === 'text' && now.value === '')
        children.splice(i--, 1);
      else if (now !== undefined && 'children' in now) open.push(now);
    }
  }
}

/** Whether nothing but markers is left of a link's text; a marker is no link. */
function isHollow(node: Nodes, changedNodes: ReadonlySet<Nodes>): node is Link | LinkReference {
  if (node.type !== 'link' && node.type !== 'linkReference') return false;
  return holdsAny(node, changedNodes) && !hasWords(textWithin(node).replaceAll(redactionMarker, ''));
}

function textWithin(parent: Parents): string {
  let text = '';
  const open: Nodes[] = parent.children.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'html') continue;
    if ('value' in node) text += node.value;
    else if ('alt' in node) text += node.alt ?? '';
    else if ('children' in node) open.push(...node.children.toReversed());
  }
  return text;
}

function inPlaceOf(node: Nodes, changedNodes: ReadonlySet<Nodes>): PhrasingContent[] {
  const marker = { type: 'text', value: redactionMarker } as const;
  if (node.type === 'definition') return [];
  if (node.type !== 'link' && node.type !== 'linkReference') return [marker];
  const isMarked = holdsAny(node, changedNodes);
  return [
    ...node.children,
    ...(isMarked ? [] : [{ ...marker, value: node.children.length === 0 ? redactionMarker : ` ${redactionMarker}` }]),
  ];
}

function holdsAny(parent: Parents, nodes: ReadonlySet<Nodes>): boolean {
  const open: Nodes[] = [...parent.children];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (nodes.has(node)) return true;
    if ('children' in node) open.push(...node.children);
  }
  return false;
}
