/** A singular path of RFC 9535, parsed: names and indexes (negative ones count from the end), outermost first. */
export type JsonPath = readonly (string | number)[];

/**
 * Parse a singular path: `$`, then any number of `.name`, `['name']`, `["name"]`, `[0]` and `[-1]`. `undefined` where the
 * text is anything else: it has one value at most, and no filter or pattern to run.
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined;
  const path: (string | number)[] = [];
  segment.lastIndex = 1;
  while (segment.lastIndex < text.length) {
    const step = stepOf(segment.exec(text)?.groups);
    if (step === undefined) return undefined;
    path.push(step);
  }
  return path;
}

/** The one value at a path, or `undefined` where there is none. Own properties alone: nothing is inherited. */
export function valueAt(path: JsonPath, data: unknown): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return typeof step === 'number' ? value.at(step) : undefined;
    if (typeof value !== 'object' || value === null || typeof step === 'number') return undefined;
    return Object.getOwnPropertyDescriptor(value, step)?.value;
  }, data);
}

const letter = String.raw`[A-Za-z_\u{80}-\u{D7FF}\u{E000}-\u{10FFFF}]`;
const hex = '[0-9A-Fa-f]';
/** A code unit in hexadecimal that is no surrogate, or two that are a pair. */
const unicode = String.raw`u(?:(?:[0-9A-CE-Fa-ce-f]${hex}{3}|[Dd][0-7]${hex}{2})|[Dd][89ABab]${hex}{2}\\u[Dd][C-Fc-f]${hex}{2})`;
const plain = String.raw`\u{20}\u{21}\u{23}-\u{26}\u{28}-\u{5B}\u{5D}-\u{D7FF}\u{E000}-\u{10FFFF}`;
const segment = new RegExp(
  [
    String.raw`\.(?<word>${letter}(?:${letter}|[0-9])*)`,
    String.raw`\[(?<index>0|-?[1-9][0-9]*)\]`,
    String.raw`\["(?<double>(?:[${plain}']|\\(?:["bfnrt/\\]|${unicode}))*)"\]`,
    String.raw`\['(?<single>(?:[${plain}"]|\\(?:['bfnrt/\\]|${unicode}))*)'\]`,
  ].join('|'),
  'uy',
);

function stepOf(groups: Readonly<Record<string, string | undefined>> = {}): string | number | undefined {
  const { word, index, double, single } = groups;
  if (index !== undefined) return Number.isSafeInteger(Number(index)) ? Number(index) : undefined;
  const json = double ?? single?.replace(/\\.|"/gu, (sign) => singleToDouble.get(sign) ?? sign);
  return json === undefined ? word : String(JSON.parse(`"${json}"`));
}

/** What is written otherwise between single quotes than between double ones. */
const singleToDouble: ReadonlyMap<string, string> = new Map([
  ['"', String.raw`\"`],
  [String.raw`\'`, "'"],
]);
