import type { IncidentState } from '../schema/status.ts';
import type { Announcement } from '../schema/subscription.ts';
import type { MailContext } from '../subscriptions/mail/mail-context.ts';
import type { Mail } from '../subscriptions/mail-transport.ts';
import { instant } from './builders.ts';

/** A mail about an incident, ready to be sent. */
export function aMail(fields: Partial<Mail> = {}): Mail {
  return {
    from: { name: 'Marigold Commerce', address: 'status@marigold.example' },
    to: 'ada@shop.example',
    date: instant('2026-11-20T10:06:00Z'),
    subject: 'Monitoring: Card payments are failing for some merchants',
    text: 'Payments are going through again.\n',
    html: '<p>Payments are going through again.</p>\n',
    messageId: 'one@marigold.example',
    references: ['thread@marigold.example'],
    unsubscribeUrl: 'https://status.marigold.example/api/v1/status/unsubscribe/token',
    ...fields,
  };
}

/** A page whose endpoint answers at an address of its own. */
export const mailPage: MailContext['page'] = {
  name: 'Marigold Commerce',
  url: 'https://status.marigold.example/',
  support_email: 'support@marigold.example',
  endpoint_url: 'https://mail.marigold.example',
};

/** What the mails of that page are written with. */
export function mailContext(fields: Partial<MailContext> = {}): MailContext {
  return {
    page: mailPage,
    names: new Map([
      ['payments', 'Payments'],
      ['reports', 'Reports'],
      ['tills', 'Point of Sale'],
    ]),
    from: { name: 'Marigold Commerce', address: 'status@marigold.example' },
    date: instant('2026-11-20T10:06:00Z'),
    ...fields,
  };
}

/** An update as it is told to subscribers; `html` is made from `text` unless given. */
export function anAnnouncement(
  state: IncidentState,
  at: string,
  text: string,
  { html, ...incident }: Partial<Announcement['incident']> & { html?: string } = {},
): Announcement {
  return {
    incident: {
      id: '2026-11-20-card-payments',
      url: 'https://status.marigold.example/incidents/2026-11-20-card-payments/',
      title: 'Card payments are failing for some merchants',
      impact: 'major',
      components: [{ id: 'payments', name: 'Payments', status: 'partial_outage' }],
      ...incident,
    },
    update: { state, at, text, html: html ?? `<p>${text}</p>`, components: [] },
  };
}
