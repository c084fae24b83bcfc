import { describe, expect, test } from 'vitest';
import { compileRedactionRules, findSensitive } from '../redaction.ts';
import { frameShapes } from './stack-frame-table.ts';
import { attachedFrameShapes, likelyFrameShapes } from './stack-line-table.ts';
import { findStackTraces } from './stack-trace.ts';

const rules = compileRedactionRules({ names: [], hosts: [], patterns: [] });

describe.each(frameShapes)('$runtime', ({ pattern, frames, prose }) => {
  test.each(frames)('%s is a frame', (frame) => {
    const text = `It failed.\n    ${frame}\nWe are looking into it.`;
    expect(pattern.test(frame)).toBe(true);
    expect(findStackTraces(text)).toEqual([{ start: 15, end: 15 + frame.length, kind: 'stack_trace' }]);
    expect(findSensitive(text, rules)).not.toEqual([]);
  });

  test.each(prose)('%s is prose', (line) => {
    expect(findStackTraces(line)).toEqual([]);
  });
});

describe.each(likelyFrameShapes)('$runtime', ({ frames, prose }) => {
  const frame = 'at open (till.js:1:2)';

  test.each(frames)('%s is a frame above one', (line) => {
    expect(findStackTraces(`${line}\n${frame}`)).toEqual([
      { start: 0, end: line.length + 1 + frame.length, kind: 'stack_trace' },
    ]);
  });

  test.each(frames)('%s alone is none', (line) => {
    expect(findStackTraces(line)).toEqual([]);
  });

  test.each(prose)('%s is prose above a frame', (line) => {
    expect(findStackTraces(`${line}\n${frame}`)).toEqual([
      { start: line.length + 1, end: line.length + 1 + frame.length, kind: 'stack_trace' },
    ]);
  });
});

describe.each(attachedFrameShapes)('$runtime', ({ frames, prose }) => {
  const frame = 'at open (till.js:1:2)';

  test.each(frames)('%s is a frame right beneath one', (line) => {
    expect(findStackTraces(`${frame}\n${line}\nIt is back.`)).toEqual([
      { start: 0, end: frame.length + 1 + line.length, kind: 'stack_trace' },
    ]);
  });

  test.each(frames)('%s elsewhere is none', (line) => {
    expect(findStackTraces(line)).toEqual([]);
    expect(findStackTraces(`${frame}\n\n${line}\nIt is back.`)).toEqual([
      { start: 0, end: frame.length, kind: 'stack_trace' },
    ]);
  });

  test.each(prose)('%s is prose beneath a frame', (line) => {
    expect(findStackTraces(`${frame}\n${line}`)).toEqual([{ start: 0, end: frame.length, kind: 'stack_trace' }]);
  });
});

describe('the source that a frame of Python quotes', () => {
  const traced = (...lines: string[]) => {
    const text = lines.join('\n');
    return findStackTraces(text).map(({ start, end }) => text.slice(start, end));
  };
  const frame = 'File "/srv/till.py", line 12, in open';

  test('goes where it stands further in', () =>
    expect(traced(`  ${frame}`, '    the till', '      ~~~^~', 'Closed: no')).toEqual([
      `${frame}\n    the till\n      ~~~^~`,
    ]));
  test.each(['till.close(self)', 'args or [])', 'self.till = other', 'return till', '"drawer", (sid,))'])(
    'goes by its looks where indents are lost: %s',
    (source) => expect(traced(frame, source, 'We are back.')).toEqual([`${frame}\n${source}`]),
  );
  test('goes between two frames and above the error', () =>
    expect(traced(frame, 'the till', frame, 'the drawer', 'TillError: closed')).toEqual([
      `${frame}\nthe till\n${frame}\nthe drawer`,
    ]));
  test.each(['We are looking into it (see below).', 'TillError: it is closed(2)', 'We are back.'])(
    'is not prose: %s',
    (prose) => expect(traced(frame, prose)).toEqual([frame]),
  );
});

test('a line above carets goes with the frame above it', () =>
  expect(findStackTraces('/srv/till.js:3:4\nthrow new Error()\n^\n\nError: no')).toEqual([
    { start: 0, end: 36, kind: 'stack_trace' },
  ]));
