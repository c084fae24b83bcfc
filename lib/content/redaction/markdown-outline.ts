import { decodeNamedCharacterReference } from 'decode-named-character-reference';
import { parse, postprocess, preprocess } from 'micromark';
import { gfmTable } from 'micromark-extension-gfm-table';
import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import type { Token } from 'micromark-util-types';
import { breaksLine, DroppedElements, numericReference, readHtml } from './html-text.ts';
import { type Construct, type Outline, type OutlineReading, type SourcePiece, theSource } from './outline.ts';

/** Read Markdown (the dialect of `parseMarkdown`) into what a reader reads, block by block. */
export function outlineMarkdown(source: string): Outline {
  const parser = parse({ extensions: [gfmTable()] });
  const events = postprocess(parser.document().write(preprocess()(source, undefined, true)));
  const builder = new OutlineBuilder(source);
  for (const [type, token] of events) {
    if (type === 'enter') builder.enter(token);
    else builder.exit(token);
  }
  return { readings: builder.readings, constructs: builder.constructs };
}

const blocks = new Set(['paragraph', 'atxHeadingText', 'setextHeadingText', 'tableContent']);
const strings: Record<string, OutlineReading['role']> = {
  resourceDestinationString: 'destination',
  definitionDestinationString: 'destination',
  resourceTitleString: 'verbatim',
  definitionTitleString: 'verbatim',
  codeFencedFenceInfo: 'verbatim',
  codeFencedFenceMeta: 'verbatim',
  referenceString: 'label',
  definitionLabelString: 'label',
};
const codeBlocks = new Set(['codeFenced', 'codeIndented']);
const constructKinds: Record<string, Construct['kind']> = {
  emphasis: 'emphasis',
  strong: 'emphasis',
  link: 'link',
  image: 'image',
  codeText: 'code',
  autolink: 'autolink',
  htmlText: 'tag',
  definition: 'definition',
};
const inner = new Set(['emphasisText', 'strongText', 'labelText']);
const exactText = new Set([
  'data',
  'codeTextData',
  'codeFlowValue',
  'autolinkProtocol',
  'autolinkEmail',
  'htmlTextData',
  'htmlFlowData',
]);

/** A code span holds what is between its two runs of backticks. */
function noteSequence(code: Construct, { start, end }: Token): void {
  if (start.offset === code.start) [code.innerStart, code.innerEnd] = [end.offset, code.end];
  else code.innerEnd = start.offset;
}

/** Follows the tokens of a document and keeps what is read together. */
class OutlineBuilder {
  readonly readings: OutlineReading[] = [];
  readonly constructs: Construct[] = [];
  readonly #source: string;
  readonly #targets: SourcePiece[][] = [];
  readonly #open: Construct[] = [];
  #imageDepth = 0;
  #dropping = new DroppedElements();
  /** How many constructs there were when the block began. */
  #before = 0;

  constructor(source: string) {
    this.#source = source;
  }

  enter(token: Token): void {
    const { type } = token;
    const kind = constructKinds[type];
    if (kind !== undefined) this.#openConstruct(kind, token);
    if (kind === 'image') this.#imageDepth += 1;
    if (blocks.has(type)) [this.#dropping, this.#before] = [new DroppedElements(), this.constructs.length];
    if (blocks.has(type) || type in strings || codeBlocks.has(type) || type === 'htmlFlow' || kind === 'tag')
      this.#targets.push([]);
    const owner = this.#open.at(-1);
    if (type === 'codeTextSequence' && owner !== undefined) noteSequence(owner, token);
    if (inner.has(type) && owner !== undefined)
      [owner.innerStart, owner.innerEnd] = [token.start.offset, token.end.offset];
  }

  exit(token: Token): void {
    const { type } = token;
    if (exactText.has(type))
      this.#add(this.#source.slice(token.start.offset, token.end.offset), token.start.offset, token.end.offset, true);
    else if (type === 'lineEnding') this.#add('\n', token.start.offset, token.end.offset, false);
    else if (type === 'characterEscapeValue') this.#addEscape(token);
    else if (type === 'characterReference') this.#addReference(token);
    else if (blocks.has(type)) this.#closeReading('prose');
    else if (codeBlocks.has(type)) this.#closeReading('verbatim');
    else if (type === 'htmlFlow') this.#closeHtmlFlow();
    else if (type in strings) this.#closeString(strings[type] ?? 'verbatim', token);
    if (constructKinds[type] !== undefined) this.#closeConstruct(token);
  }

  #add(text: string, start: number, end: number, isExact: boolean): void {
    const isOptional = this.#imageDepth > 0 || this.#dropping.isInside;
    this.#targets.at(-1)?.push({ text, holder: theSource, start, end, isExact, ...(isOptional ? { isOptional } : {}) });
  }

  #addEscape({ start, end }: Token): void {
    this.#add(this.#source.slice(start.offset, end.offset), start.offset - 1, end.offset, false);
  }

  #addReference({ start, end }: Token): void {
    const written = this.#source.slice(start.offset + 1, end.offset - 1);
    const value = written.startsWith('#') ? numericReference(written.slice(1)) : decodeNamedCharacterReference(written);
    this.#add(typeof value === 'string' ? value : '\uFFFD', start.offset, end.offset, false);
  }

  #closeReading(role: OutlineReading['role']): void {
    const pieces = this.#targets.pop() ?? [];
    const constructs = role === 'prose' ? this.constructs.slice(this.#before) : [];
    if (pieces.length > 0) this.readings.push({ pieces, role, constructs });
  }

  #closeString(role: OutlineReading['role'], token: Token): void {
    const pieces = this.#targets.pop() ?? [];
    const owner = this.#open.at(-1);
    if (pieces.length > 0) this.readings.push({ pieces, role, owner });
    if (role === 'label' && owner !== undefined) owner.label = this.#identifier(token.start.offset, token.end.offset);
  }

  #closeHtmlFlow(): void {
    const { shown, hidden } = readHtml(this.#targets.pop() ?? []);
    this.readings.push({ pieces: shown, role: 'verbatim' });
    for (const pieces of hidden) this.readings.push({ pieces, role: 'verbatim' });
  }

  #openConstruct(kind: Construct['kind'], { start, end }: Token): void {
    const construct: Construct = {
      kind,
      start: start.offset,
      end: end.offset,
      innerStart: start.offset,
      innerEnd: end.offset,
      label: undefined,
    };
    this.constructs.push(construct);
    this.#open.push(construct);
  }

  #closeConstruct(token: Token): void {
    const construct = this.#open.pop();
    if (construct === undefined) return;
    if (construct.kind === 'image') this.#imageDepth -= 1;
    if (construct.kind === 'image') this.#addAlternative(construct);
    if (construct.kind === 'tag') this.#closeTag(token);
    const isShortcut = construct.kind === 'link' || construct.kind === 'image';
    if (isShortcut) construct.label ??= this.#identifier(construct.innerStart, construct.innerEnd);
  }

  /** The text of an image is read on its own as well. */
  #addAlternative({ innerStart, innerEnd }: Construct): void {
    const pieces = (this.#targets.at(-1) ?? []).filter(({ start, end }) => start >= innerStart && end <= innerEnd);
    if (pieces.length > 0)
      this.readings.push({ pieces: pieces.map((piece) => ({ ...piece, isOptional: false })), role: 'prose' });
  }

  #closeTag({ start, end }: Token): void {
    const pieces = this.#targets.pop() ?? [];
    for (const hidden of readHtml(pieces).hidden) this.readings.push({ pieces: hidden, role: 'verbatim' });
    this.#targets.at(-1)?.push(...pieces.map((piece) => ({ ...piece, isMarkup: true })));
    const tag = this.#source.slice(start.offset, end.offset);
    this.#dropping.see(tag);
    if (breaksLine(tag)) this.#add('\n', end.offset, end.offset, false);
  }

  #identifier(start: number, end: number): string {
    return normalizeIdentifier(this.#source.slice(start, end)).toLowerCase();
  }
}
