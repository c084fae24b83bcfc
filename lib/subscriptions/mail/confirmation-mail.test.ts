import { expect, test } from 'vitest';
import { mailContext } from '../../testing/mail-builders.ts';
import { confirmationMail } from './confirmation-mail.ts';

const mail = confirmationMail({ to: 'ada@shop.example', token: 'B'.repeat(43) }, mailContext());

test('a confirmation has no header to leave by, and its id does not tell its token', () => {
  const { text: _text, html: _html, ...headers } = mail;
  expect(headers).toMatchInlineSnapshot(`
    {
      "date": 2026-11-20T10:06:00.000Z,
      "from": {
        "address": "status@marigold.example",
        "name": "Marigold Commerce",
      },
      "messageId": "f63d9a32ee97ea3e7cc3ad65f24efa3c83c65b99@marigold.example",
      "references": [],
      "subject": "Confirm your subscription to Marigold Commerce",
      "to": "ada@shop.example",
    }
  `);
});

test('its text is readable in a terminal', () => {
  expect(mail.text).toMatchInlineSnapshot(`
    "Somebody, probably you, asked Marigold Commerce to send mail to this
    address whenever something does not work as it should.

    To confirm that you want it, open this address and press the button:

    https://mail.marigold.example/api/v1/status/confirm/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB

    The link works once, for 24 hours.

    If it was not you, do nothing: no other mail comes of it, and the
    address is forgotten within days.

    -- 
    Marigold Commerce
    https://status.marigold.example/
    "
  `);
});

test('its HTML is readable on a phone', () => {
  expect(mail.html).toMatchInlineSnapshot(`
    "<!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <title>Confirm your subscription to Marigold Commerce</title>
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
    <div style="display: none; max-height: 0; overflow: hidden">Press the button to get mail whenever something does not work.</div>
    <div class="ink" style="box-sizing: border-box; max-width: 600px; margin: 0 auto; padding: 24px 20px; color: #1a1c21; font: 16px/1.5 -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', Cantarell, 'Liberation Sans', Arial, sans-serif; overflow-wrap: anywhere">
    <p class="soft" style="color: #595e68; margin: 0 0 8px; font-size: 14px">Marigold Commerce</p>
    <h1 class="ink" style="color: #1a1c21; margin: 0 0 16px; font-size: 22px; line-height: 1.3">Do you want this mail?</h1>
    <p style="margin: 0 0 12px">Somebody, probably you, asked Marigold Commerce to send mail to this address whenever something does not work as it should.</p>
    <p style="margin: 24px 0"><a class="button" href="https://mail.marigold.example/api/v1/status/confirm/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB" style="display: inline-block; padding: 12px 20px; border-radius: 6px; background: #1a1c21; color: #fdfcfa; font-weight: 600; text-decoration: none">Yes, send me mail</a></p>
    <p style="margin: 0 0 12px">The link works once, for 24 hours. If it was not you, do nothing: no other mail comes of it, and the address is forgotten within days.</p>
    <hr class="rule" style="margin: 24px 0; border: 0; border-top: 1px solid #e4e1db">
    <p class="soft" style="color: #595e68; margin: 0; font-size: 14px"><a class="link" href="https://status.marigold.example/" style="color: #1f54b5;">https://status.marigold.example/</a></p>
    </div>
    </body>
    </html>
    "
  `);
});
