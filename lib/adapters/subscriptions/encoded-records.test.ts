import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EncodedRecords } from './encoded-records.ts';

interface Row {
  readonly value: string;
}

function jsonOf(parts: readonly Buffer[]): unknown {
  return JSON.parse(Buffer.concat(parts).toString());
}

test('no record is an empty list, and each is one line', () => {
  const rows = new EncodedRecords<Row>((row) => row);
  expect(Buffer.concat(rows.encode([])).toString()).toBe('[]');
  expect(Buffer.concat(rows.encode([{ value: 'a' }, { value: 'ü' }])).toString()).toBe(
    '[\n{"value":"a"},\n{"value":"ü"}]',
  );
});

test('a record is made text once, while it is there', () => {
  const made: string[] = [];
  const rows = new EncodedRecords<Row>((row) => {
    made.push(row.value);
    return row;
  });
  const [a, b, c] = ['a', 'b', 'c'].map((value) => ({ value }));
  if (a === undefined || b === undefined || c === undefined) throw new Error('There are three.');
  rows.encode([a, b]);
  rows.encode([a, b, c]);
  rows.encode([b, c]);
  expect(made).toEqual(['a', 'b', 'c']);
});

test('a law: whatever came, went and was replaced before, the list is what it is now', () => {
  const change = fc.record({ at: fc.nat({ max: 1500 }), kind: fc.constantFrom('add', 'replace', 'remove') });
  fc.assert(
    fc.property(
      fc.nat({ max: 1100 }),
      fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 6 }),
      (size, rounds) => {
        const rows = new EncodedRecords<Row>((row) => row);
        let present: Row[] = Array.from({ length: size }, (_, number) => ({ value: `row ${number}` }));
        for (const [round, changes] of rounds.entries()) {
          for (const { at, kind } of changes) {
            const fresh = { value: `round ${round} at ${at}` };
            if (kind === 'add') present = [...present, fresh];
            if (kind === 'replace') present = present.map((row, index) => (index === at ? fresh : row));
            if (kind === 'remove') present = present.filter((_, index) => index !== at);
          }
          expect(jsonOf(rows.encode(present))).toEqual(present);
        }
      },
    ),
    { numRuns: 40 },
  );
});
