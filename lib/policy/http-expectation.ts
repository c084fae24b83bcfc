import { jsonOf } from '../schema/json-text.ts';
import type { HttpExpectation } from '../schema/probes/http.ts';
import type { FailReason } from '../schema/sample.ts';
import { compileBodyPattern } from './body-pattern.ts';
import { parseJsonPath, valueAt } from './json-path.ts';

/** What an answer says before its body. Header names are lower-case. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

/** What is wrong with the head of an answer, or `undefined`. */
export function headFault(expect: HttpExpectation, head: AnswerHead): FailReason | undefined {
  const isExpected = expect.status?.includes(head.status) ?? (head.status >= 200 && head.status < 300);
  if (!isExpected) return 'unexpected_status';
  const holds = ([name, text]: [string, string]) =>
    head.headers.get(name.toLowerCase())?.toLowerCase().includes(text.toLowerCase()) ?? false;
  return Object.entries(expect.headers ?? {}).every(holds) ? undefined : 'unexpected_header';
}

/** How much of a body has to be read: nothing, up to where a text is found, or all of it. */
export type BodyNeed = { readonly kind: 'nothing' | 'all' } | { readonly kind: 'search'; readonly text: string };

/** How much of a body an expectation needs. */
export function bodyNeed(expect: HttpExpectation): BodyNeed {
  if (expect.json !== undefined || expect.body_matches !== undefined) return { kind: 'all' };
  return expect.body_contains === undefined ? { kind: 'nothing' } : { kind: 'search', text: expect.body_contains };
}

/** What is wrong with a whole body, or `undefined`. */
export function bodyFault(expect: HttpExpectation, body: string): FailReason | undefined {
  if (expect.body_contains !== undefined && !body.includes(expect.body_contains)) return 'unexpected_body';
  if (expect.body_matches !== undefined && !matches(expect.body_matches, body)) return 'unexpected_body';
  return expect.json === undefined || jsonHolds(expect.json, body) ? undefined : 'unexpected_json';
}

/** A pattern or a path that cannot be read is refused with the probe's file, so here it holds for nothing. */
function matches(source: string, body: string): boolean {
  const pattern = compileBodyPattern(source);
  return typeof pattern !== 'string' && pattern.matches(body);
}

function jsonHolds(expected: NonNullable<HttpExpectation['json']>, body: string): boolean {
  const data = jsonOf(body);
  return Object.entries(expected).every(([text, value]) => {
    const path = parseJsonPath(text);
    return path !== undefined && valueAt(path, data) === value;
  });
}
