import { expect, test } from 'vitest';
import { compileBodyPattern } from './body-pattern.ts';

function matches(source: string, text: string): boolean {
  const pattern = compileBodyPattern(source);
  if (typeof pattern === 'string') throw new Error(`${source} is ${pattern}.`);
  return pattern.matches(text);
}

test('a pattern matches anywhere in the text', () => {
  expect(matches('"status": ?"(ok|warm)"', '{"status": "ok"}')).toBe(true);
  expect(matches('"status": ?"(ok|warm)"', '{"status": "down"}')).toBe(false);
  expect(matches('(?i)^healthy$', 'HEALTHY')).toBe(true);
  expect(matches(String.raw`^\s*$`, ' \n')).toBe(true);
  expect(matches(String.raw`^\s*$`, ' x')).toBe(false);
});

test.each([
  ['an open bracket', '(ok', 'syntax'],
  ['a look-ahead', '(?=ok)', 'syntax'],
  ['a look-behind', '(?<=ok)', 'syntax'],
  ['a back-reference', String.raw`(a)\1`, 'syntax'],
  ['a repeat of repeats', '(a{1000}){1000}', 'syntax'],
  ['a repeat beyond the largest', 'a{1001}', 'syntax'],
  ['a large repeat', 'a{1000}', 'too-large'],
  ['many repeats', '(?:[ab]{9}|x){40}', 'too-large'],
  ['many letters', 'a'.repeat(501), 'too-large'],
  ['brackets in brackets', '('.repeat(100_000), 'too-large'],
  ['nothing', '()', 'always'],
  ['anything', '.*', 'always'],
  ['an alternative of nothing', 'ok|', 'always'],
])('%s cannot be used', (_what, source, fault) => expect(compileBodyPattern(source)).toBe(fault));

test('a pattern that makes others backtrack without end answers on a mebibyte', () => {
  const text = 'a'.repeat(1024 * 1024);
  for (const source of ['(a+)+[b-y]$', '(a|a)*[b-y]', '(a*)*[b-y]', '(a?){30}a{30}[b-y]', '(.*a){20}[b-y]']) {
    expect(matches(source, text)).toBe(false);
  }
});
