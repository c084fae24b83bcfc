import type { PublicResponseTimes } from '../../lib/schema/snapshot.ts';
import { shortDate } from './time.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const labelHours = 6;

/** The chart of a day's response times, in a drawing of one unit a step by 100, the ground at 100. */
export interface ResponseChart {
  readonly width: number;
  /** One line for each stretch without a gap; a single step is a dash. */
  readonly line: string;
  /** The same stretches, down to the ground. */
  readonly area: string;
  /** A dash on the ground for each step in which somebody asked and nobody answered; where nobody asked, nothing is drawn. */
  readonly gaps: string;
  /** From the ground up, evenly. */
  readonly scale: readonly string[];
  /** The hours on the ground: how far from the left in per cent, and what is written there. */
  readonly hours: readonly { readonly at: number; readonly text: string }[];
}

/** Draws the medians as they are: where there was no answer, or nobody asked, there is no line. */
export function responseChart(times: PublicResponseTimes): ResponseChart {
  const medians = times.medians_ms;
  const top = scaleTop(Math.max(...medians.map((median) => median ?? 0)));
  const heightOf = (ms: number) => round(100 - (100 * ms) / top);
  const point = ({ step, ms }: Step) => `${step + 0.5} ${heightOf(ms)}`;
  const lineOf = (steps: readonly Step[]) =>
    steps.length > 1 ? `M${steps.map(point).join('L')}` : steps.map(({ step, ms }) => `M${step}.1 ${heightOf(ms)}h.8`);
  const stretches = stretchesOf(medians);
  return {
    width: medians.length,
    line: stretches.map(lineOf).join(''),
    area: stretches
      .filter((steps) => steps.length > 1)
      .map((steps) => `M${(steps[0]?.step ?? 0) + 0.5} 100L${steps.map(point).join('L')}V100Z`)
      .join(''),
    gaps: (times.unanswered ?? []).map((step) => `M${step}.1 99h.8`).join(''),
    scale: [0, top / 2, top].map(inUnits),
    hours: hoursOf(times),
  };
}

interface Step {
  readonly step: number;
  readonly ms: number;
}

type Medians = PublicResponseTimes['medians_ms'];

function stretchesOf(medians: Medians): Step[][] {
  const stretches: Step[][] = [];
  medians.forEach((ms, step) => {
    if (ms === null) return;
    const last = stretches.at(-1);
    if (last?.at(-1)?.step === step - 1) last.push({ step, ms });
    else stretches.push([{ step, ms }]);
  });
  return stretches;
}

/** The smallest round number that is not less. */
function scaleTop(ms: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(ms, 10)));
  return magnitude * ([1, 2, 3, 4, 6, 8].find((factor) => factor * magnitude >= ms) ?? 10);
}

function hoursOf({ from, step_minutes: minutes, medians_ms: medians }: PublicResponseTimes): ResponseChart['hours'] {
  const start = Date.parse(from);
  const length = medians.length * minutes * minuteMs;
  const first = Math.ceil(start / (labelHours * hourMs)) * labelHours * hourMs;
  const count = Math.ceil((start + length - first) / (labelHours * hourMs));
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * labelHours * hourMs;
    const instant = new Date(at).toISOString();
    const text = instant.slice(11, 16) === '00:00' ? shortDate(instant) : instant.slice(11, 16);
    return { at: round((100 * (at - start)) / length), text };
  });
}

/** A response time as it is written: `120 ms`, `1.25 s`. */
export function inUnits(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${round(ms / 1000)} s`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
