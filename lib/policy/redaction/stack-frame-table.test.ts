import { describe, expect, test } from 'vitest';
import { compileRedactionRules, findSensitive } from '../redaction.ts';
import { frameShapes, likelyFrameShapes } from './stack-frame-table.ts';
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
