import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonPath, valueAt } from './json-path.ts';

test.each([
  ['$', []],
  ['$.status', ['status']],
  ['$.a.b_2.Ünï', ['a', 'b_2', 'Ünï']],
  ['$.checks[0].ok', ['checks', 0, 'ok']],
  ['$[-1]', [-1]],
  ["$['build-id']", ['build-id']],
  ['$["a.b"][\'it"s\']', ['a.b', 'it"s']],
  [String.raw`$['it\'s']["\"\\\/\n\u00e9\ud83d\ude00"]`, ["it's", '"\\/\né😀']],
  ["$['']", ['']],
])('%s is a path', (text, path) => expect(parseJsonPath(text)).toEqual(path));

test.each([
  ['nothing', ''],
  ['no root', 'status'],
  ['the current node', '@.status'],
  ['a hyphen in a word', '$.build-id'],
  ['a digit first', '$.2a'],
  ['a dot at the end', '$.a.'],
  ['a wildcard', '$.*'],
  ['a wildcard in brackets', '$[*]'],
  ['every descendant', '$..a'],
  ['a slice', '$[0:2]'],
  ['a union', '$[0,1]'],
  ['a filter', '$[?@.a]'],
  ['a function', '$.a.length()'],
  ['a leading zero', '$[01]'],
  ['minus zero', '$[-0]'],
  ['a fraction', '$[1.5]'],
  ['an index beyond exact numbers', '$[9007199254740993]'],
  ['an open bracket', "$['a'"],
  ['an open quote', "$['a]"],
  ['a line feed in quotes', "$['a\nb']"],
  ['an escape of the other quote', String.raw`$["\'"]`],
  ['an unknown escape', String.raw`$['\x41']`],
  ['half a pair', String.raw`$['\ud83d']`],
  ['the other half', String.raw`$['\ude00']`],
  ['a lone surrogate', "$['\uD83D']"],
  ['space around', ' $.a '],
  ['space between', '$ .a'],
])('%s is none', (_what, text) => expect(parseJsonPath(text)).toBeUndefined());

test('any text is a path or none, in linear time, and nothing else happens', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }), (a, b) => {
      for (const text of [a, `$${a}`, `$['${b}`, `$["${a}"]`]) expect(() => parseJsonPath(text)).not.toThrow();
    }),
  );
  expect(parseJsonPath(`$${'[0]'.repeat(100_000)}`)).toHaveLength(100_000);
  expect(parseJsonPath(`$['${'\\\\'.repeat(100_000)}`)).toBeUndefined();
});

const name = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => text.isWellFormed());
const path = fc.array(fc.oneof(name, fc.integer({ min: -3, max: 3 })), { maxLength: 5 });

function inDoubleQuotes(step: string | number): string {
  return `[${JSON.stringify(step)}]`;
}

function inSingleQuotes(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  const inside = JSON.stringify(step).slice(1, -1);
  return `['${inside.replaceAll('\\"', '"').replaceAll("'", "\\'")}']`;
}

test('whatever the names are, a path in quotes leads through them', () => {
  fc.assert(
    fc.property(path, (steps) => {
      expect(parseJsonPath(`$${steps.map(inDoubleQuotes).join('')}`)).toEqual(steps);
      expect(parseJsonPath(`$${steps.map(inSingleQuotes).join('')}`)).toEqual(steps);
    }),
  );
});

/** Without minus zero, which JSON does not write. */
const plainJson = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));

test('what was put at a path is found there', () => {
  fc.assert(
    fc.property(path, plainJson, (steps, value) => {
      const data = steps.reduceRight<unknown>((inner, step) => {
        if (typeof step === 'string') return JSON.parse(`{${JSON.stringify(step)}:${JSON.stringify(inner)}}`);
        return step < 0 ? [inner, ...Array(-step - 1).fill(null)] : [...Array(step).fill(null), inner];
      }, value);
      expect(valueAt(steps, data)).toEqual(value);
    }),
  );
});

test('nothing is inherited: no path leads out of the data', () => {
  const inherited = ['constructor', '__proto__', 'toString', 'length', 'prototype', 'hasOwnProperty', 'at'];
  for (const data of [{}, [], 'text', 5, true, null, { a: [] }]) {
    for (const key of inherited) {
      expect(valueAt([key], data)).toBeUndefined();
      expect(valueAt(['a', key], data)).toBeUndefined();
    }
  }
  expect(valueAt(['__proto__'], JSON.parse('{"__proto__": 1}'))).toBe(1);
});

test.each([
  ['a name in a list', ['0'], [1]],
  ['an index in a map', [0], { 0: 1 }],
  ['an index beyond the list', [2], [1, 2]],
  ['an index before the list', [-3], [1, 2]],
  ['a letter of a text', [0], 'abc'],
  ['below nothing', ['a', 'b'], { a: null }],
])('%s is no value', (_what, steps, data) => expect(valueAt(steps, data)).toBeUndefined());
