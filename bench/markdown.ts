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

/** How much longer ten times as much hostile text takes, in time of the processor: about 10 or less is linear. Returns what to print. */
export function benchHostile(bytes: number): string {
  const rows = Object.entries(hostile).flatMap(([label, unit]) =>
    Object.entries(works).map(([name, work]) => {
      const first = processorMsOf(() => work(hostileText(unit, bytes / 100)));
      if (first > mostMsOfHundredth) return [`${name} ${label}`, 'too slow', `${first.toFixed(0)} for a hundredth`, ''];
      const tenth = processorMsOf(() => work(hostileText(unit, bytes / 10)));
      const whole = processorMsOf(() => work(hostileText(unit, bytes)));
      return [`${name} ${label}`, tenth.toFixed(0), whole.toFixed(0), (whole / tenth).toFixed(1)];
    }),
  );
  const head = ['hostile text', `ms for ${bytes / 1e4} kB`, `ms for ${(bytes / 1e6).toFixed(1)} MB`, 'ratio'];
  return table([head, ...rows]);
}

/** What takes longer than this would not end in a reasonable time. */
const mostMsOfHundredth = 300;

const nest = (depth: number) => Array.from({ length: depth }, (_, at) => `${'  '.repeat(at)}- a\n`).join('');

const hostile = {
  '1:1:1:': '1:1:',
  '((((': '(',
  'at at at': 'at ',
  'lists in lists, one line': '- ',
  'numbered lists in lists': '1. ',
  'lists in lists, 5 deep': nest(5),
  'lists in lists, 20 deep': nest(20),
  'lists in lists, 20 on each line': `${'- '.repeat(20)}a\n`,
  'blank lines in a list': `${'- '.repeat(20)}a\n${'\n'.repeat(300)}`,
  'quotes in quotes': '> ',
  'quotes that end': '> a\n\nb\n',
  'lines after a quote': `> a\n${'b\n'.repeat(2000)}`,
  'quotes and lists': `${'> - '.repeat(10)}a\n`,
  'long lists': '- a\n',
  'emphasis never closed': '*a **b ',
  'emphasis in emphasis': `${'*a '.repeat(300)}${'b* '.repeat(300)}\n\n`,
  'underscores in words': '_a',
  'open brackets': '[',
  'open links': '[a](',
  'open references': '[a][b]',
  'open titles': '[a](b "',
  'images in images': `${'!['.repeat(80)}a${'](b)'.repeat(80)}\n\n`,
  definitions: '[a]: /b\n',
  'open tags': '<a href="',
  tags: 'a<b>',
  'open comments': 'a <!-- ',
  'open addresses': '<http://',
  addresses: 'https://a.example ',
  entities: '&#46;',
  backslashes: '\\',
  'dots and digits': '1.',
  words: 'mail@',
  backticks: '`a``b',
  'wide tables': '|a|b'.repeat(2000).concat('|\n', '|-|-'.repeat(2000), '|\n', '|c|d'.repeat(2000), '|\n\n'),
  'long tables': `|a|b|\n|-|-|\n${'|c|d|\n'.repeat(1000)}\n`,
  pipes: '|',
  dashes: '-',
  'underlined headings': 'a\n===\n\n',
  'Windows lines': 'a\r\n',
  tabs: '\t',
  'one line': 'word ',
  'one word': 'a',
  'much to redact': '10.0.0.1 ',
} as const;

/** The text with something to redact in its middle, so that it is read to the end. */
function hostileText(unit: string, bytes: number): string {
  const half = unit.repeat(Math.ceil(bytes / 2 / unit.length)).slice(0, bytes / 2);
  return `${half} 10.0.0.1 ${half}`;
}

function processorMsOf(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

function secondsOf(work: () => void): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}
