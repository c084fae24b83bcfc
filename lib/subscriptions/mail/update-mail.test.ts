import { expect, test } from 'vitest';
import { anAnnouncement, mailContext, mailPage } from '../../testing/mail-builders.ts';
import { type Addressee, updateMail } from './update-mail.ts';

const ada: Addressee = {
  subscriberId: 'ada',
  to: 'ada@shop.example',
  components: 'all',
  unsubscribeToken: 'A'.repeat(43),
};

const identified = anAnnouncement(
  'identified',
  '2026-11-20T09:40:00Z',
  'A card network is rejecting part of our requests:\n\n- Cash and vouchers work as usual.\n- Orders that failed were not charged, so that your customers can try them again.',
  {
    html: '<p>A card network is rejecting part of our requests:</p>\n<ul>\n<li>Cash and vouchers work as usual.</li>\n<li>Orders that failed were not charged, so that your customers can try them again.</li>\n</ul>',
  },
);
const monitoring = anAnnouncement(
  'monitoring',
  '2026-11-20T10:05:00Z',
  'Payments are going through again, slower than usual. See our note (https://www.marigold.example/declined-cards).',
  {
    html: '<p>Payments are going through again, slower than usual. See <a href="https://www.marigold.example/declined-cards" rel="noopener noreferrer">our note</a>.</p>',
    components: [
      { id: 'payments', name: 'Payments', status: 'partial_outage' },
      { id: 'tills', name: 'Point of Sale', status: 'degraded_performance' },
    ],
  },
);

const mail = updateMail(ada, [identified, monitoring], mailContext());

test('a mail says by its headers what it is, and belongs to the thread of its incident', () => {
  const { text: _text, html: _html, ...headers } = mail;
  expect(headers).toMatchInlineSnapshot(`
    {
      "date": 2026-11-20T10:06:00.000Z,
      "from": {
        "address": "status@marigold.example",
        "name": "Marigold Commerce",
      },
      "messageId": "899babe7848dc40027276c007f6000a9d19c2f82@marigold.example",
      "references": [
        "93da1ebb6fc691ced21016aea5961fe3ecb8ee03@marigold.example",
      ],
      "subject": "Monitoring: Card payments are failing for some merchants",
      "to": "ada@shop.example",
      "unsubscribeUrl": "https://mail.marigold.example/api/v1/status/unsubscribe/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    }
  `);
});

test('its text is readable in a terminal', () => {
  expect(mail.text).toMatchInlineSnapshot(`
    "Monitoring: Card payments are failing for some merchants

    IDENTIFIED, 20 Nov 2026, 09:40 UTC

    A card network is rejecting part of our requests:

    - Cash and vouchers work as usual.
    - Orders that failed were not charged, so that your customers can try
      them again.

    MONITORING, 20 Nov 2026, 10:05 UTC

    Payments are going through again, slower than usual. See our note
    (https://www.marigold.example/declined-cards).

    Affected now:
    - Payments: partial outage
    - Point of Sale: degraded performance

    The whole incident:
    https://status.marigold.example/incidents/2026-11-20-card-payments/

    -- 
    You get this because this address subscribed to every update of Marigold
    Commerce.
    To choose what you hear of, or to leave:
    https://mail.marigold.example/api/v1/status/unsubscribe/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    Questions: support@marigold.example
    "
  `);
});

test('its HTML is readable on a phone, in light and dark', () => {
  expect(mail.html).toMatchInlineSnapshot(`
    "<!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <title>Monitoring: Card payments are failing for some merchants</title>
    <style>
    :root { color-scheme: light dark }
    .words p, .words ul, .words ol, .words pre { margin: 0 0 12px }
    .words ul, .words ol { padding-left: 24px }
    .words pre { white-space: pre-wrap }
    .words code { font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace }
    .words a { color: #1f54b5 }
    @media (prefers-color-scheme: dark) {
    .paper { background: #131418 !important }
    .ink { color: #eceae6 !important }
    .soft { color: #a4a8b1 !important }
    .link { color: #8fb5f8 !important }
    .good { color: #62c89c !important }
    .words a { color: #8fb5f8 !important }
    .rule { border-top-color: #2d3037 !important }
    .button { background: #eceae6 !important; color: #131418 !important }
    }
    </style>
    </head>
    <body class="paper" style="margin: 0; padding: 0; background: #fdfcfa">
    <div style="display: none; max-height: 0; overflow: hidden">Payments are going through again, slower than usual. See our note (https://www.marigold.example/declined-cards).</div>
    <div class="ink" style="box-sizing: border-box; max-width: 600px; margin: 0 auto; padding: 24px 20px; color: #1a1c21; font: 16px/1.5 -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', Cantarell, 'Liberation Sans', Arial, sans-serif; overflow-wrap: anywhere">
    <p class="soft" style="color: #595e68; margin: 0 0 8px; font-size: 14px"><a class="link" href="https://status.marigold.example/" style="color: #1f54b5; text-decoration: none">Marigold Commerce</a></p>
    <h1 class="ink" style="color: #1a1c21; margin: 0 0 20px; font-size: 22px; line-height: 1.3">Card payments are failing for some merchants</h1>
    <p style="margin: 0 0 4px"><strong class="ink" style="color: #1a1c21; font-size: 16px">Identified</strong> &nbsp;<span class="soft" style="color: #595e68; font-size: 14px">20 Nov 2026, 09:40 UTC</span></p>
    <div class="words" style="margin: 0 0 20px">
    <p>A card network is rejecting part of our requests:</p>
    <ul>
    <li>Cash and vouchers work as usual.</li>
    <li>Orders that failed were not charged, so that your customers can try them again.</li>
    </ul>
    </div>
    <p style="margin: 0 0 4px"><strong class="ink" style="color: #1a1c21; font-size: 16px">Monitoring</strong> &nbsp;<span class="soft" style="color: #595e68; font-size: 14px">20 Nov 2026, 10:05 UTC</span></p>
    <div class="words" style="margin: 0 0 20px">
    <p>Payments are going through again, slower than usual. See <a href="https://www.marigold.example/declined-cards" rel="noopener noreferrer">our note</a>.</p>
    </div>
    <p style="margin: 0 0 4px"><strong>Affected now</strong></p>
    <ul style="margin: 0 0 12px; padding-left: 24px">
    <li>Payments: partial outage</li>
    <li>Point of Sale: degraded performance</li>
    </ul>
    <p style="margin: 24px 0"><a class="button" href="https://status.marigold.example/incidents/2026-11-20-card-payments/" style="display: inline-block; padding: 12px 20px; border-radius: 6px; background: #1a1c21; color: #fdfcfa; font-weight: 600; text-decoration: none">Read the whole incident</a></p>
    <hr class="rule" style="margin: 24px 0; border: 0; border-top: 1px solid #e4e1db">
    <p class="soft" style="color: #595e68; margin: 0 0 8px; font-size: 14px">You get this because this address subscribed to every update of Marigold Commerce.</p>
    <p class="soft" style="color: #595e68; margin: 0 0 8px; font-size: 14px"><a class="link" href="https://mail.marigold.example/api/v1/status/unsubscribe/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" style="color: #1f54b5;">Choose what you hear of, or leave</a>.</p>
    <p class="soft" style="color: #595e68; margin: 0 0 8px; font-size: 14px">Questions: <a class="link" href="mailto:support@marigold.example" style="color: #1f54b5;">support@marigold.example</a></p>
    </div>
    </body>
    </html>
    "
  `);
});

test('nothing is fetched when it is opened', () => {
  expect(mail.html).not.toMatch(/<(?:img|link|script|iframe|object|video)|src=|url\(|@import|background="/i);
});

test('an incident without components names none', () => {
  const resolved = anAnnouncement('resolved', '2026-11-20T11:00:00Z', 'It works again.', { components: [] });
  const { subject, text, html } = updateMail(ada, [resolved], mailContext());
  expect(subject).toBe('Resolved: Card payments are failing for some merchants');
  expect(text).toContain('\n\nIt works again.\n\nThe whole incident:\n');
  expect(html).not.toContain('affected');
});

test('once it is resolved, what it affected is past', () => {
  const resolved = anAnnouncement('resolved', '2026-11-20T11:00:00Z', 'It works again.');
  const { text, html } = updateMail(ada, [resolved], mailContext());
  expect(text).toContain('What was affected:\n- Payments: partial outage\n');
  expect(html).toContain('<strong>What was affected</strong>');
});

test.each<[string, Addressee['components'], string]>([
  ['everything', 'all', 'to every update of Marigold Commerce.'],
  ['one component', ['payments'], 'to updates of Marigold Commerce about Payments.'],
  [
    'several',
    ['payments', 'reports', 'tills'],
    'to updates of Marigold Commerce about Payments, Reports and Point of Sale.',
  ],
  ['one that is gone', ['gone'], 'to updates of Marigold Commerce.'],
])('the mail says why somebody gets it who chose %s', (_what, components, expected) => {
  const { text, html } = updateMail({ ...ada, components }, [monitoring], mailContext());
  const reason = `You get this because this address subscribed ${expected}`;
  expect(text.replaceAll('\n', ' ')).toContain(reason);
  expect(html).toContain(reason);
});

test('what a title holds is text in HTML', () => {
  const title = `<b onclick="x">Tills & 'cards'</b>`;
  const shown = anAnnouncement('investigating', '2026-11-20T09:12:00Z', 'We look.', { title });
  const { html } = updateMail(ada, [shown], mailContext({ page: { ...mailPage, name: '<i>' } }));
  expect(html).toContain('&lt;b onclick=&quot;x&quot;&gt;Tills &amp; &#39;cards&#39;&lt;/b&gt;</h1>');
  expect(html).not.toMatch(/<b |<i>/);
});

test('the same updates have one id for one subscriber, and others another; the thread stays', () => {
  const one = updateMail(ada, [identified], mailContext());
  const again = updateMail(ada, [identified], mailContext({ date: new Date(0) }));
  const more = updateMail(ada, [identified, monitoring], mailContext());
  const other = updateMail({ ...ada, subscriberId: 'bob' }, [identified], mailContext());
  const next = updateMail(
    ada,
    [anAnnouncement('identified', '2026-11-20T09:40:00Z', 'x', { id: '2026-11-20-mail' })],
    mailContext(),
  );
  expect(again.messageId).toBe(one.messageId);
  expect(new Set([one, more, other, next].map(({ messageId }) => messageId)).size).toBe(4);
  expect(more.references).toEqual(one.references);
  expect(new Set([one, other, next].map(({ references }) => references[0])).size).toBe(3);
});

test('links lead to the page where it answers by itself', () => {
  const { endpoint_url: _, ...page } = mailPage;
  const { unsubscribeUrl } = updateMail(
    ada,
    [monitoring],
    mailContext({ page: { ...page, url: 'https://example.com/status/' } }),
  );
  expect(unsubscribeUrl).toBe(`https://example.com/status/api/v1/status/unsubscribe/${'A'.repeat(43)}`);
});
