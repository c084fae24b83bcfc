import { simpleParser } from 'mailparser';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { openPage } from './browser.ts';
import type { TemporaryRoot } from './content-root.ts';

/** A mail as a reader who did not write it sees it. */
export interface ReadMail {
  readonly subject: string | undefined;
  readonly text: string;
  /** The path of the link to leave, as its header has it. */
  readonly leave: string;
}

/** Read a mail from its bytes. */
export async function readMail(bytes: Buffer): Promise<ReadMail> {
  const { subject, text = '', headers } = await simpleParser(bytes);
  const leave = /unsubscribe\/[\w-]+/.exec(JSON.stringify(headers.get('list') ?? ''))?.[0] ?? '';
  return { subject, text, leave };
}

const patience = { timeout: 60_000, interval: 200 };

/** The page of the content root `root`, which has the component `reports`, at `address`; and the mails that arrived so far. */
export interface Journey {
  readonly browser: Browser;
  readonly root: TemporaryRoot;
  readonly address: string;
  readonly mails: () => Promise<readonly ReadMail[]>;
}

/** Somebody subscribes in a browser without script, confirms, chooses, hears of an update, and leaves. */
export async function subscriberJourney({ browser, root, address, mails }: Journey): Promise<void> {
  const { page, complaints } = await openPage(browser, address, { width: 320, javaScript: false });
  await page.fill('#email', 'ada@shop.example');
  await page.click('text=Only some components');
  await page.check('input[value=reports]');
  await page.click('button:text("Subscribe")');
  expect(await page.textContent('h1')).toBe('Look into your mail');
  await expect.poll(async () => (await mails()).length, patience).toBe(1);
  const [confirmation] = await mails();
  const link = /http:\S+\/confirm\/[\w-]+/.exec(confirmation?.text ?? '')?.[0] ?? '';
  expect(link.startsWith(`${address}api/v1/status/confirm/`)).toBe(true);

  await page.goto(link);
  await page.click('button');
  expect(await page.textContent('h1')).toBe('You have subscribed');
  await page.click('text=Choose what you hear of');
  expect(await page.isChecked('input[value=reports]')).toBe(true);
  await page.check('input[value=all]');
  await page.click('button');
  expect(await page.textContent('[role=status]')).toBe('Your choice is saved.');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);

  await root.write(...incidentOf(new Date()));
  await expect.poll(async () => (await mails()).length, patience).toBe(2);
  const update = (await mails()).find(({ subject }) => subject !== confirmation?.subject);
  expect(update?.text).toContain('We are looking into tills that cannot start a sale.');

  await page.goto(`${address}api/v1/status/${update?.leave}`);
  expect(await page.textContent('h1')).toBe('Unsubscribe');
  await page.click('button');
  expect(await page.textContent('h1')).toBe('You have left');
  expect(complaints).toEqual([]);
  await page.context().close();
}

/** The path and the text of an incident that begins now. */
function incidentOf(now: Date): [string, string] {
  const at = now.toISOString();
  return [
    `incidents/${at.slice(0, 10)}-tills.md`,
    `---
title: Tills cannot start a sale
published: true
impact: major
components:
  payments: partial_outage
state: investigating
started_at: ${at}
---

## investigating ${at}

We are looking into tills that cannot start a sale.
`,
  ];
}
