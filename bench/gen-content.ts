import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How much content to make; the same numbers always make the same bytes. */
export interface ContentSize {
  readonly incidents: number;
  readonly seed: number;
}

/** The instant as of which made content is built: shortly after its newest update. */
export const madeContentNow = '2026-11-02T00:00:00Z';

/** Writes a whole content root of made-up incidents over five years, one in a hundred of them a draft. */
export function writeContent(root: string, { incidents, seed }: ContentSize): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'incidents'), { recursive: true });
  mkdirSync(join(root, 'components'));
  writeFileSync(join(root, 'status.config.yml'), config);
  for (const [order, name] of names.entries()) {
    writeFileSync(
      join(root, 'components', `${idOf(name)}.yml`),
      `name: ${name}\ngroup: ${groups[order % 3]}\norder: ${order}\n`,
    );
  }
  const random = randomFrom(seed);
  for (let index = 0; index < incidents; index++) {
    const { id, text } = incidentText(index, incidents, random);
    writeFileSync(join(root, 'incidents', `${id}.md`), text);
  }
}

const config = 'name: Bench Commerce\nurl: https://status.example.com\nsupport_email: support@example.com\n';
const groups = ['Selling', 'Stock', 'Telling'];
const names = [
  'Payments',
  'Point of Sale',
  'Online Store',
  'Checkout',
  'Refunds',
  'Gift Cards',
  'Inventory Sync',
  'Order Tracking',
  'Signing In',
  'Reports',
  'Email Delivery',
  'Invoices',
];
const troubles = ['fail for some merchants', 'are slow', 'show old figures', 'stop now and then', 'arrive late'];
const statuses = ['degraded_performance', 'partial_outage', 'major_outage'] as const;
const impacts = { degraded_performance: 'minor', partial_outage: 'major', major_outage: 'critical' } as const;
const states = ['investigating', 'identified', 'monitoring', 'resolved'];
const sentences = [
  'We are looking into it and will write again soon.',
  'Error rates went from **{n}%** to **{m}%** after the change.',
  'No data was lost; what waited is delivered *in order*.',
  'Please try again, or write to [support](https://support.example.com/tickets/{n}).',
  'Requests to `GET /orders/{n}` may take up to {m} seconds.',
  'A part of our network lost its connection for about {n} minutes.',
  'Everything else works as usual, and planned work goes on.',
  'Receipts of the last {n} minutes are sent a second time.',
];
const list =
  '\n\nWhat we will change:\n\n- Look at the queue every {n} minutes\n- Keep {m} spare machines\n- Tell you earlier';

type Random = () => number;

/** A small seeded generator (mulberry32): numbers from 0 to 1. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function incidentText(index: number, total: number, random: Random): { id: string; text: string } {
  const span = 5 * 365 * 86_400_000;
  const start = Date.parse('2026-11-01T00:00:00Z') - Math.floor(((index + random() * 0.9) / total) * span);
  const at = (minutes: number) => `${new Date(start + minutes * 60_000).toISOString().slice(0, 17)}00Z`;
  const name = pick(names, random);
  const title = `${name}: orders ${pick(troubles, random)}`;
  const status = pick(statuses, random);
  const bodies = states.map((state) => body(state, random));
  let minutes = 0;
  const updates = states.map((state, order) => {
    minutes += 5 + Math.floor(random() * 50);
    return `\n## ${state} ${at(minutes)}\n\n${bodies[order]}\n`;
  });
  const id = `${at(0).slice(0, 10)}-${idOf(title)}-${index}`;
  const facts = [
    '---',
    `title: ${JSON.stringify(title)}`,
    `published: ${index % 100 !== 99}`,
    `impact: ${impacts[status]}`,
    'components:',
    `  ${idOf(name)}: ${status}`,
    'state: resolved',
    `started_at: ${at(0)}`,
    '---',
    '',
  ];
  return { id, text: facts.join('\n') + updates.join('') };
}

function body(state: string, random: Random): string {
  const words = Array.from({ length: 2 + Math.floor(random() * 4) }, () => pick(sentences, random)).join(' ');
  const text = state === 'resolved' && random() < 0.35 ? words + list : words;
  return text.replace(/\{[nm]\}/g, () => String(1 + Math.floor(random() * 90)));
}

function pick<T>(from: readonly T[], random: Random): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('There is nothing to pick from.');
  return found;
}

function idOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
