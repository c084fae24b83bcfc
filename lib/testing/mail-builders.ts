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
