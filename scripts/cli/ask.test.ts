import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { soundTexts } from '../../lib/testing/builders.ts';
import { type TemporaryRoot, temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { type Ask, askerFor } from './ask.ts';
import { publishIncident, resolveIncident, updateIncident } from './change-incident.ts';
import { clearOverrideOf, setOverrideOf } from './change-override.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';
import { newIncident } from './new-incident.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const path = 'incidents/2026-11-20-card-payments.md';

/** An incident that has only been said to be investigated. */
const open = soundTexts[path]
  .replace('state: resolved', 'state: investigating')
  .replace(/## identified[\s\S]*/, '')
  .replace(/\n+$/, '\n');

/** Somebody who gives these answers in this order; `asked` holds the questions and what could be chosen. */
function person(...answers: readonly unknown[]): { ask: Ask; asked: string[] } {
  const left = [...answers];
  const asked: string[] = [];
  const answer = (question: string): string => {
    asked.push(question);
    return String(left.shift());
  };
  const pick = <T extends string>(choices: readonly { readonly value: T }[], wanted: string): T => {
    const choice = choices.find(({ value }) => value === wanted);
    if (choice === undefined) throw new Error(`${wanted} is none of ${choices.map(({ value }) => value).join(', ')}`);
    return choice.value;
  };
  const ask: Ask = {
    text: async ({ message }) => answer(message),
    lines: async ({ message }) => answer(message),
    choose: async (message, choices) =>
      pick(choices, answer(`${message} ${choices.map(({ value }) => value).join('|')}`)),
    chooseSome: async (message, choices) => {
      const given = answer(message);
      return given === '' ? [] : given.split(',').map((one) => pick(choices, one));
    },
    confirm: async (message) => answer(message) === 'yes',
  };
  return { ask, asked };
}

/** The content of a root, at instants a second apart from 08:00:00 on. */
async function workspace(root: TemporaryRoot): Promise<Workspace> {
  let seconds = 0;
  const context: Context = {
    root: root.path,
    state: join(root.path, '.state'),
    now: () => new Date(Date.UTC(2026, 10, 21, 8, 0, seconds++)),
    isRehearsal: false,
    format: 'json',
    debug: false,
    env: {},
    interactive: true,
  };
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return openWorkspace(context);
}

function bodyOf(text: string): string {
  return text.slice(text.indexOf('\n## ') + 1);
}

test('a person is asked for all that a new incident needs, and for nothing that was said', async () => {
  await using root = await temporaryContentRoot();
  const { ask, asked } = person(
    'Tills are slow',
    'minor',
    'payments',
    'degraded_performance',
    'We look into it.',
    'yes',
  );
  await newIncident(await workspace(root), {}, ask);
  expect(asked).toEqual([
    'What do merchants notice, in one line?',
    'How much does it hurt? none|minor|major|critical',
    'What is affected? (space chooses, enter goes on)',
    'How is Payments? operational|degraded_performance|partial_outage|major_outage|under_maintenance',
    'What do you tell merchants?',
    'Publish it now? Else it is a draft that nobody sees.',
  ]);
  const text = await readFile(join(root.path, 'incidents/2026-11-21-tills-are-slow.md'), 'utf8');
  expect(text).toMatch(/^published: true\nimpact: minor\ncomponents:\n {2}payments: degraded_performance\n/m);

  const { ask: other, asked: little } = person('no');
  const said = { title: 'Mail is late', impact: 'none', component: new Map(), message: 'We look.' } as const;
  await newIncident(await workspace(root), said, other);
  expect(little).toEqual(['Publish it now? Else it is a draft that nobody sees.']);
});

test('a person picks the incident, its state and its components', async () => {
  const other = 'incidents/2026-11-20-mail-is-late.md';
  await using root = await temporaryContentRoot({
    [path]: open,
    [other]: open.replace(/title: .*/, 'title: Mail is late'),
  });
  const { ask, asked } = person('2026-11-20-mail-is-late', 'identified', 'We know why.', '');
  await updateIncident(await workspace(root), undefined, {}, ask);
  expect(asked).toEqual([
    'Which incident? 2026-11-20-card-payments|2026-11-20-mail-is-late',
    'What is the state now? investigating|identified',
    'What do you tell merchants?',
    'Does it change how a component is?',
  ]);
  expect(await readFile(join(root.path, other), 'utf8')).toMatch(
    /\n## identified 2026-11-21T08:\S+Z\n\nWe know why\.\n$/,
  );
});

test('states that the page has not said before the end are asked for', async () => {
  await using root = await temporaryContentRoot({ [path]: open });
  const { ask, asked } = person('We found it.', 'We fixed it.', 'It is over.');
  await resolveIncident(await workspace(root), undefined, {}, ask);
  expect(asked).toEqual([
    'The page has not said identified yet (the cause is known). What do you tell merchants?',
    'The page has not said monitoring yet (a remedy is in place and being watched). What do you tell merchants?',
    'What do you tell merchants?',
  ]);
  const updates = bodyOf(await readFile(join(root.path, path), 'utf8'))
    .split(/^## /m)
    .slice(2);
  expect(updates.map((update) => update.replace(/ \S+Z\n\n/, ': ').trim())).toEqual([
    'identified: We found it.',
    'monitoring: We fixed it.',
    'resolved: It is over.',
  ]);
});

test('nothing is published by somebody who is not sure', async () => {
  const draft = open.replace('published: true', 'published: false');
  await using root = await temporaryContentRoot({ [path]: draft });
  const { ask } = person('no');
  await expect(publishIncident(await workspace(root), undefined, ask)).rejects.toEqual(
    new UsageError('Cancelled.', 'Nothing was written.'),
  );
  expect(await readFile(join(root.path, path), 'utf8')).toBe(draft);
});

test('a person is asked for what an override needs, and how long it holds', async () => {
  await using root = await temporaryContentRoot({ 'components/email.yml': 'name: Email Delivery\n' });
  const { ask, asked } = person('email', 'under_maintenance', 'Moving to another provider', '2h');
  await setOverrideOf(await workspace(root), { component: undefined }, ask);
  expect(asked).toEqual([
    'Which component? email|payments',
    'What does the page show? operational|degraded_performance|partial_outage|major_outage|under_maintenance',
    'Why? The public reads this.',
    'For how long?',
  ]);
  const file = join(root.path, 'components/email.yml');
  expect(await readFile(file, 'utf8')).toMatch(/expires_at: 2026-11-21T10:00:\d\dZ\n$/);
  await clearOverrideOf(await workspace(root), undefined, undefined);
  expect(await readFile(file, 'utf8')).toBe('name: Email Delivery\n');
});

test('without anybody to ask, every missing flag is named', () => {
  expect(() => askerFor(undefined, { '--title': undefined, '--impact': 'minor', '--message': undefined })).toThrow(
    new UsageError(
      '--title and --message are missing.',
      'Add what is missing, or leave out --yes at a terminal to be asked for it.',
    ),
  );
  const { ask } = person();
  expect(askerFor(ask, { '--title': undefined })).toBe(ask);
});
