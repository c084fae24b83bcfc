import type { FrameShape } from './frame-shape.ts';

/** Shapes that are a frame only right beneath another one. */
export const attachedFrameShapes: readonly FrameShape[] = [
  {
    runtime: 'Go, of a package without a path',
    pattern: /^[\w./%·*()-]{1,300}\.[\w·.*()-]{1,300}\(\)$/,
    frames: ['till.Open()'],
    prose: ['We opened the till.'],
  },
  {
    runtime: 'a path that was cut off, a frame without a place',
    pattern: /^(?:(?:[A-Za-z]:)?(?:[/\\][\w.@+~-]{1,200}){2,40}|(?:\\t)?at|\d+:\s+[\w<>$.{}@]{1,200})$/,
    frames: ['/srv/till', '4: till_open', 'at'],
    prose: ['and/or', '4: all is well'],
  },
];

/** Shapes that are a frame only above or between others. */
export const likelyFrameShapes: readonly FrameShape[] = [
  {
    runtime: 'Go without arguments',
    pattern: /^[\w./%·*()-]*\.[\w·.*()-]*\(\)?\)?$/,
    frames: ['till.Open()'],
    prose: ['We opened the till.'],
  },
  {
    runtime: 'heading',
    pattern: /^(?:Stack ?trace|Backtrace|Call ?stack):$/i,
    frames: ['Stack trace:', 'Backtrace:'],
    prose: ['Stack:'],
  },
  {
    runtime: 'Safari without a place',
    pattern: /^(?:eval code|global code|module code|[a-z_$][\w$]{0,60})$/,
    frames: ['global code', 'baz'],
    prose: ['We are back.'],
  },
];
