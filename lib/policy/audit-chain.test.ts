import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AuditEntry, type AuditFact } from '../schema/audit.ts';
import { damageOf, entryLines, verifyLog } from './audit-chain.ts';

const at = new Date('2026-11-20T10:00:00Z');

function fact(id: string, fields: Partial<AuditFact> = {}): AuditFact {
  return {
    id,
    action: 'component.changed',
    who: 'probes',
    subject: 'components/payments',
    before: { status: 'operational' },
    after: { status: 'major_outage' },
    ...fields,
  };
}

function logOf(...ids: string[]): { text: string; head: { seq: number; hash: string } } {
  const facts = ids.map((id) => fact(id));
  const { lines, head } = entryLines('', facts, at);
  if (head === undefined) throw new Error('A log of nothing has no head.');
  return { text: lines, head };
}

/** What a person reads of each finding, with its place. */
function said(text: string, head?: { seq: number; hash: string }): string[] {
  return verifyLog(text, head).map(({ fault, seq, line, message }) => `${fault} ${seq} line ${line}: ${message}`);
}

describe('entries', () => {
  test('a line says the fact, its place, and the hash of all before it', () => {
    const { lines, count, head } = entryLines('', [fact('one', { who: 'Zoë', after: { status: 'x', at: 'y' } })], at);
    expect(lines).toBe(
      '{"seq":1,"at":"2026-11-20T10:00:00.000Z","id":"one","action":"component.changed","who":"Zo\\u00eb",' +
        '"subject":"components/payments","before":{"status":"operational"},"after":{"at":"y","status":"x"},' +
        '"previous":"0000000000000000000000000000000000000000000000000000000000000000",' +
        '"hash":"509b5de2ca3cb28a680d2bfebe5de9041fa239949802d1508c9532ed7019f9a5"}\n',
    );
    expect(AuditEntry.parse(JSON.parse(lines)).who).toBe('Zoë');
    expect({ count, head }).toEqual({ count: 1, head: { seq: 1, hash: JSON.parse(lines).hash } });
  });

  test('each entry carries the hash of the one before, also across appends', () => {
    const first = entryLines('', [fact('one'), fact('two')], at);
    const second = entryLines(first.lines, [fact('three')], at);
    const entries = (first.lines + second.lines)
      .trimEnd()
      .split('\n')
      .map((line) => AuditEntry.parse(JSON.parse(line)));
    expect(entries.map(({ seq, id }) => `${seq} ${id}`)).toEqual(['1 one', '2 two', '3 three']);
    expect(entries.map(({ previous }) => previous)).toEqual(['0'.repeat(64), entries[0]?.hash, entries[1]?.hash]);
    expect(verifyLog(first.lines + second.lines, second.head)).toEqual([]);
  });

  test('a fact that stands in the log already is left out, and so is one that is named twice', () => {
    const { text, head } = logOf('one', 'two');
    expect(entryLines(text, [fact('two'), fact('one')], at)).toEqual({ lines: '', count: 0, head });
    expect(entryLines(text, [fact('three'), fact('two'), fact('three')], at).count).toBe(1);
  });

  test('nothing that a fact says can pass for the id of another', () => {
    const tricks = ['"id":"two"', '","id":"two","action":"x', 'two', '{"seq":2,"at":"","id":"two"}', '\n{"id":"two"'];
    const facts = tricks.map((trick, i) =>
      fact(`one ${i} ${trick}`, { who: trick, before: { id: 'two', action: trick }, after: { [trick]: 'two' } }),
    );
    const { lines, head } = entryLines('', facts, at);
    expect(entryLines(lines, [fact('two')], at).count).toBe(1);
    expect(entryLines(lines, facts, at).count).toBe(0);
    expect(verifyLog(lines, head)).toEqual([]);
  });

  test('no entries, no head', () => {
    expect(entryLines('', [], at)).toEqual({ lines: '', count: 0, head: undefined });
    expect(verifyLog('', undefined)).toEqual([]);
  });
});

describe('what is found', () => {
  const { text, head } = logOf('a', 'b', 'c', 'd', 'e');
  const lines = text.trimEnd().split('\n');
  const joined = (...numbers: number[]) => numbers.map((number) => `${lines[number - 1]}\n`).join('');

  test.each<[string, string, string[]]>([
    ['a sound log', text, []],
    [
      'a changed entry',
      text.replace('"id":"c"', '"id":"x"'),
      ['changed 3 line 3: Entry 3 was changed: what it says does not belong to its hash.'],
    ],
    ['a removed entry', joined(1, 2, 4, 5), ['removed 3 line 3: Entry 3 is missing: entry 4 stands there.']],
    ['removed entries', joined(1, 4, 5), ['removed 2 line 2: Entries 2 to 3 are missing: entry 4 stands there.']],
    ['the first entry removed', joined(2, 3, 4, 5), ['removed 1 line 1: Entry 1 is missing: entry 2 stands there.']],
    ['an entry twice', joined(1, 2, 2, 3, 4, 5), ['repeated 2 line 3: Entry 2 stands where entry 3 belongs.']],
    [
      'two entries exchanged',
      joined(1, 4, 3, 2, 5),
      [
        'moved 2 line 2: Where entry 2 belongs stands entry 4.',
        'repeated 2 line 4: Entry 2 stands where entry 4 belongs.',
      ],
    ],
    [
      'a log cut off',
      joined(1, 2, 3),
      ['cut-off 4 line undefined: Entries 4 to 5 are missing: the log was cut off at its end.'],
    ],
    ['no log', '', ['missing 1 line undefined: The log is missing; it had 5 entries.']],
    [
      'a torn end',
      text.slice(0, -20),
      [
        'torn 5 line 5: Entry 5 is torn: the log ends in the middle of it.',
        'cut-off 5 line undefined: Entry 5 is missing: the log was cut off at its end.',
      ],
    ],
    [
      'a torn middle',
      joined(1, 2) + (lines[2] ?? '').slice(0, 100) + joined(4, 5),
      [
        'changed 3 line 3: Entry 3 was changed: what it says does not belong to its hash.',
        'removed 4 line 4: Entry 4 is missing: entry 5 stands there.',
      ],
    ],
    [
      'a line that is no entry in between',
      `${joined(1, 2)}hello\n${joined(3, 4, 5)}`,
      ['unreadable 3 line 3: Where entry 3 belongs stands something that is no entry.'],
    ],
  ])('%s', (_what, damaged, expected) => {
    expect(said(damaged, head)).toEqual(expected);
  });

  test('an entry that was forged with its hash does not belong to the next', () => {
    const forged = entryLines(joined(1, 2), [fact('forged')], at).lines;
    expect(said(joined(1, 2) + forged + joined(4, 5), head)).toEqual([
      'unlinked 3 line 4: Entry 4 was not written after the entry 3 that stands before it: one of the two was exchanged.',
    ]);
  });

  test('an end that was forged with its hashes is not the one that the state knows', () => {
    const forged = entryLines(joined(1, 2, 3), [fact('x'), fact('y'), fact('z')], at).lines;
    expect(said(joined(1, 2, 3) + forged, head)).toEqual([
      'replaced 5 line undefined: Entry 5 is not the one that was written: the state knows it by another hash.',
    ]);
  });

  test('any damage forbids to append', () => {
    expect(damageOf(text, head)).toBeUndefined();
    const changed = text.replace('"who":"probes"', '"who":"nobody"');
    const torn = joined(1, 2) + (lines[2] ?? '').slice(0, 100) + joined(4, 5);
    for (const damaged of [changed, torn, joined(1, 2, 4, 5), joined(1, 2, 3), '', text.slice(0, -20)]) {
      expect(damageOf(damaged, head)).toBeDefined();
    }
  });

  test('a log that has gone further than the state knows is sound', () => {
    const further = entryLines(text, [fact('f')], at).lines;
    expect(said(text + further, head)).toEqual([]);
    expect(damageOf(text + further, head)).toBeUndefined();
  });
});

const Ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }), { minLength: 1, maxLength: 8 });

describe('any single damage is found, and the first entry that it touches is named', () => {
  test('a byte that was flipped', () => {
    fc.assert(
      fc.property(Ids, fc.nat(), fc.integer({ min: 1, max: 255 }), (ids, place, mask) => {
        const { text, head } = logOf(...ids);
        const bytes = Buffer.from(text, 'utf8');
        const index = place % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ mask;
        const touched = text.slice(0, index).split('\n').length;
        expect(verifyLog(bytes.toString('utf8'), head)[0]?.seq).toBe(touched);
      }),
      { numRuns: 500 },
    );
  });

  test('an entry that was removed', () => {
    fc.assert(
      fc.property(Ids, fc.nat(), (ids, place) => {
        const { text, head } = logOf(...ids);
        const lines = text.split(/(?<=\n)/);
        const index = place % lines.length;
        expect(verifyLog(lines.toSpliced(index, 1).join(''), head)[0]?.seq).toBe(index + 1);
      }),
    );
  });

  test('two entries that were exchanged', () => {
    fc.assert(
      fc.property(Ids, fc.nat(), fc.nat(), (ids, one, other) => {
        const { text, head } = logOf(...ids);
        const lines = text.split(/(?<=\n)/);
        const [first = 0, second = 0] = [one % lines.length, other % lines.length].sort((a, b) => a - b);
        fc.pre(first !== second);
        const swapped = lines.with(first, lines[second] ?? '').with(second, lines[first] ?? '');
        expect(verifyLog(swapped.join(''), head)[0]?.seq).toBe(first + 1);
      }),
    );
  });

  test('an entry that stands there a second time', () => {
    fc.assert(
      fc.property(Ids, fc.nat(), fc.nat(), (ids, which, where) => {
        const { text, head } = logOf(...ids);
        const lines = text.split(/(?<=\n)/);
        const index = which % lines.length;
        const copy = lines[index] ?? '';
        const place = index + 1 + (where % (lines.length - index));
        const [finding] = verifyLog(lines.toSpliced(place, 0, copy).join(''), head);
        expect(finding).toMatchObject({ seq: index + 1, line: place + 1 });
      }),
    );
  });

  test('a log that was cut off anywhere', () => {
    fc.assert(
      fc.property(Ids, fc.nat(), (ids, length) => {
        const { text, head } = logOf(...ids);
        const cut = text.slice(0, length % text.length);
        expect(verifyLog(cut, head)[0]?.seq).toBe(cut.split('\n').length);
      }),
      { numRuns: 300 },
    );
  });
});
