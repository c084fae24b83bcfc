import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { redactMarkdown } from '../lib/content/redact-markdown.ts';
import { renderMarkdown } from '../lib/content/render-markdown.ts';
import { compileRedactionRules } from '../lib/policy/redaction.ts';
import { writeContent } from './gen-content.ts';
import { median, table } from './measure.ts';

const rules = compileRedactionRules({ names: ['Ada Lovelace'], hosts: [], patterns: [] });
const works = {
  render: (text: string) => renderMarkdown(text, rules),
  redact: (text: string) => redactMarkdown(text, rules),
};

/** How fast one core renders and redacts the text of updates. Returns what to print. */
export function benchThroughput(folder: string): string {
  const root = join(folder, 'content-text');
  writeContent(root, { incidents: 1000, seed: 11 });
  const names = readdirSync(join(root, 'incidents'));
  const bodies = names.flatMap((name) =>
    readFileSync(join(root, 'incidents', name), 'utf8')
      .split(/^## .*\n/m)
      .slice(1),
  );
  const megabytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0) / 1e6;
  const rows = Object.entries(works).map(([name, work]) => {
    const speeds = [1, 2, 3].map(() => megabytes / secondsOf(() => bodies.map(work)));
    return [name, median(speeds).toFixed(2)];
  });
  return table([['one core', 'MB/s'], ...rows]);
}

/** How much longer twice as much hostile text takes: about 2 is linear. Returns what to print. */
export function benchHostile(bytes: number): string {
  const rows = Object.entries(hostile).flatMap(([label, unit]) =>
    Object.entries(works).map(([name, work]) => {
      const half = secondsOf(() => work(repeated(unit, bytes / 2)));
      const whole = secondsOf(() => work(repeated(unit, bytes)));
      return [`${name} ${label}`, (whole * 1000).toFixed(0), (whole / half).toFixed(1)];
    }),
  );
  return table([[`${(bytes / 1e6).toFixed(1)} MB of`, 'ms', 'of half as much'], ...rows]);
}

const hostile = {
  '1:1:1:': '1:1:',
  '((((': '(',
  'at at at': 'at ',
  'nested lists': '- ',
  'nested quotes': '> ',
  emphasis: '*a **b ',
  'open brackets': '[',
  'open links': '[a](',
  'open tags': '<a href="',
  entities: '&#46;',
  'dots and digits': '1.',
  words: 'mail@',
  backticks: '`a``b',
} as const;

function repeated(unit: string, bytes: number): string {
  return unit.repeat(Math.ceil(bytes / unit.length));
}

function secondsOf(work: () => void): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}
