import { expect, test } from 'vitest';
import { contentFiles, soundTexts } from '../testing/builders.ts';
import { checkContent } from './check-content.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const sound = soundTexts[path];
const now = new Date('2026-11-20T12:00:00Z');

function check(changes: Parameters<typeof contentFiles>[0], more: Partial<Parameters<typeof checkContent>[1]> = {}) {
  return checkContent(contentFiles(changes), { now, redactNames: [], ...more }).problems;
}

function rulesOf(...args: Parameters<typeof check>): string[] {
  return check(...args).map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`);
}

test('sound content has no problem', () => {
  expect(check({})).toEqual([]);
});

test('the files, the policy and what must not be public are judged together', () => {
  const changes = {
    'components/order-service.yml': 'name: order-service\n',
    'incidents/2026-11-20-stock.md': sound
      .replace('## identified', '## monitoring')
      .replace('some cards', 'cards of 10.0.0.1'),
    [path]: `\uFEFF${sound}`,
  };
  expect(rulesOf(changes)).toEqual([
    'components/order-service.yml:1:1 component-name',
    `incidents/2026-11-20-card-payments.md:1:1 byte-order-mark`,
    'incidents/2026-11-20-stock.md:15:1 state-skipped',
    'incidents/2026-11-20-stock.md:17:42 redaction',
  ]);
});

test('a file with a fault is held against the policy all the same', () => {
  const text = sound
    .replace('impact: major', 'impact: mayor')
    .replace('2026-11-20T09:40:00Z', '2026-11-20T09:10:00Z')
    .replace('Card payments work again.', 'Ask ops@example.net.');
  expect(rulesOf({ [path]: text })).toEqual([
    `${path}:4:9 wrong-value`,
    `${path}:15:1 update-order`,
    `${path}:25:5 redaction`,
  ]);
  const component =
    'name: Order Service\nnmae: x\noverride:\n  status: operational\n  reason: short\n  set_at: 2026-11-20T08:00:00Z\n  expires_at: 2026-11-22T08:00:00Z\n';
  expect(rulesOf({ 'components/orders.yml': component })).toEqual([
    'components/orders.yml:1:1 component-name',
    'components/orders.yml:2:1 unknown-key',
    'components/orders.yml:5:11 wrong-value',
    'components/orders.yml:7:3 override-too-long',
  ]);
});

test.each([
  [
    'the title',
    { [path]: sound.replace('for some merchants', 'on db1.internal') },
    `${path}:2:1`,
    'the name of an internal host',
  ],
  [
    'a name',
    { 'components/payments.yml': 'name: Payments\ngroup: Cards of 10.1.2.3\n' },
    'components/payments.yml:2:1',
    'an IP address',
  ],
  [
    'the settings',
    { 'status.config.yml': `${soundTexts['status.config.yml']}description: Ask jane@example.net\n` },
    'status.config.yml:4:1',
    'an e-mail address',
  ],
])('what must not be public is found in %s, and not repeated', (_where, changes, place, kind) => {
  const [problem, ...others] = check(changes);
  expect(others).toEqual([]);
  expect(`${problem?.file}:${problem?.line}:${problem?.column}`).toBe(place);
  expect(problem?.message).toContain(` holds ${kind}, which must not be public.`);
  expect(JSON.stringify(problem)).not.toMatch(/db1|10\.1\.2\.3|jane/);
});

test('the support address may be shown', () => {
  expect(check({ [path]: sound.replace('work again', 'work again; ask help@example.com') })).toEqual([]);
});

test('names come from the settings and from the environment', () => {
  const named = { [path]: sound.replace('We are', 'Jane Doe and Ann Lee are') };
  expect(rulesOf(named)).toEqual([]);
  expect(rulesOf(named, { redactNames: ['Jane Doe'] })).toEqual([`${path}:13:1 redaction`]);
  const settings = `${soundTexts['status.config.yml']}redact:\n  names: [Ann Lee]\n`;
  expect(rulesOf({ ...named, 'status.config.yml': settings })).toEqual([`${path}:13:14 redaction`]);
});

test('a name in the name of a file is found, because it is a part of an address', () => {
  const file = 'incidents/2026-11-20-jane-doe-was-told.md';
  expect(rulesOf({ [file]: sound })).toEqual([]);
  expect(rulesOf({ [file]: sound }, { redactNames: ['Jane Doe'] })).toEqual([`${file}:1:1 redaction-address`]);
});

test('a pattern that is none is found where it stands', () => {
  const settings = `${soundTexts['status.config.yml']}redact:\n  patterns:\n    - 'fine'\n    - '(?=ahead)'\n`;
  expect(rulesOf({ 'status.config.yml': settings })).toEqual(['status.config.yml:7:7 redaction-pattern']);
});

test('an open incident whose update is overdue is a warning', () => {
  const open = sound.slice(0, sound.indexOf('## resolved')).replace('state: resolved', 'state: monitoring');
  const [problem] = check({ [path]: open });
  expect(problem).toMatchObject({ rule: 'update-overdue', severity: 'warning', line: 19 });
  expect(check({ [path]: open }, { now: new Date('2026-11-20T11:05:00Z') })).toEqual([]);
});

test('what a change may not do is asked only where there is a base', () => {
  const changed = { [path]: sound.replace('some cards', 'many cards') };
  expect(rulesOf(changed)).toEqual([]);
  expect(rulesOf(changed, { base: contentFiles() })).toEqual([`${path}:15:1 published-update-changed`]);
  expect(rulesOf({}, { base: contentFiles() })).toEqual([]);
});

test('a published file that is there and cannot be read was not removed', () => {
  expect(rulesOf({ [path]: undefined }, { base: contentFiles() })).toEqual([`${path}:1:1 published-incident-removed`]);
  expect(rulesOf({ [path]: undefined }, { base: contentFiles(), unread: [path] })).toEqual([]);
  expect(rulesOf({ [path]: 'broken' }, { base: contentFiles() })).toEqual([`${path}:1:1 front-matter`]);
});

test('what the dictionary redacts may be redacted after it was published', () => {
  const leaked = sound.replace('some cards', 'some cards at 10.0.0.1');
  const redacted = sound.replace('some cards', 'some cards at \\[redacted]');
  expect(rulesOf({ [path]: redacted }, { base: contentFiles({ [path]: leaked }) })).toEqual([]);
});

test('progress is told from the first file to the last', () => {
  const told: string[] = [];
  check({}, { onProgress: (done, total) => told.push(`${done}/${total}`) });
  expect(told).toEqual(['0/3', '3/3']);
});
