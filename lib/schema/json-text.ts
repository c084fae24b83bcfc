/** What a text says as JSON, held against nothing; `undefined` where it is no JSON. */
export function jsonOf(text: string): unknown {
  const { stackTraceLimit } = Error;
  // Nobody looks at where it failed, and to write that down costs more than to read a small text.
  Error.stackTraceLimit = 0;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
