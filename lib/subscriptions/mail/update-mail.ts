import type { Announcement, ComponentChoice } from '../../schema/subscription.ts';
import { utc } from '../../snapshot/dates.ts';
import { stateWords, statusWords } from '../../snapshot/words.ts';
import { endpointLink } from '../endpoint-links.ts';
import type { Mail } from '../mail-transport.ts';
import { button, escaped, htmlMail, linked, rule, toned } from './html-mail.ts';
import { domainOf, type MailContext } from './mail-context.ts';
import { threadId, updateMessageId } from './message-id.ts';
import { wrapped } from './wrapped-text.ts';

/** Who gets a mail about updates, with the token that their links need. */
export interface Addressee {
  readonly subscriberId: string;
  readonly to: string;
  readonly components: ComponentChoice;
  readonly unsubscribeToken: string;
}

/** All that is owed of one incident, oldest first. */
type Announcements = readonly [Announcement, ...Announcement[]];

/** The mail about these updates of one incident: what happened, what it affects, where to read on and how to leave. */
export function updateMail(addressee: Addressee, announcements: Announcements, context: MailContext): Mail {
  const { page, from, date } = context;
  const { subscriberId, to, unsubscribeToken } = addressee;
  const newest = announcements.at(-1) ?? announcements[0];
  const told: Told = {
    announcements,
    newest,
    // The state leads: a phone at night shows little more of it, and the sender is named after the page.
    subject: `${stateWords[newest.update.state]}: ${newest.incident.title}`,
    affected: affectedBy(newest),
    leave: endpointLink(page, 'unsubscribe', unsubscribeToken),
    reason: reasonFor(addressee, context),
    context,
  };
  const domain = domainOf(from);
  return {
    from,
    to,
    date,
    subject: told.subject,
    messageId: updateMessageId(subscriberId, announcements, domain),
    references: [threadId(subscriberId, newest.incident.id, domain)],
    unsubscribeUrl: told.leave,
    text: textOf(told),
    html: htmlOf(told),
  };
}

interface Told {
  readonly announcements: Announcements;
  readonly newest: Announcement;
  readonly subject: string;
  readonly affected: { readonly heading: string; readonly lines: readonly string[] };
  readonly leave: string;
  readonly reason: string;
  readonly context: MailContext;
}

/** What the incident affects, as the page says it; once it is resolved, what it did at its worst. */
function affectedBy({ incident, update }: Announcement): Told['affected'] {
  const heading = update.state === 'resolved' ? 'What was affected' : 'Affected now';
  return {
    heading,
    lines: incident.components.map(({ name, status }) => `${name}: ${statusWords[status].toLowerCase()}`),
  };
}

function reasonFor({ components }: Addressee, { page, names }: MailContext): string {
  if (components === 'all') return `You get this because this address subscribed to every update of ${page.name}.`;
  const chosen = components.flatMap((id) => names.get(id) ?? []);
  const about = chosen.length === 0 ? '' : ` about ${listed(chosen)}`;
  return `You get this because this address subscribed to updates of ${page.name}${about}.`;
}

/** Names in a sentence: `Payments, Reports and Tills`. */
function listed(names: readonly string[]): string {
  const [last = '', ...before] = [...names].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} and ${last}`;
}

function textOf({ announcements, newest, subject, affected, leave, reason, context: { page } }: Told): string {
  const updates = announcements.map(
    ({ update }) => `${stateWords[update.state].toUpperCase()}, ${utc(update.at, 'full')}\n\n${update.text}`,
  );
  const parts = [
    subject,
    ...updates,
    ...(affected.lines.length === 0
      ? []
      : [`${affected.heading}:\n${affected.lines.map((line) => `- ${line}`).join('\n')}`]),
    `The whole incident:\n${newest.incident.url}`,
  ];
  const foot = [reason, `To choose what you hear of, or to leave:\n${leave}`, `Questions: ${page.support_email}`];
  return `${wrapped(parts.join('\n\n'))}\n\n-- \n${wrapped(foot.join('\n'))}\n`;
}

function htmlOf({ announcements, newest, subject, affected, leave, reason, context: { page } }: Told): string {
  const { incident, update } = newest;
  const small = 'margin: 0 0 8px; font-size: 14px';
  return htmlMail({
    title: subject,
    preview: Array.from(update.text.replaceAll(/\s+/g, ' ')).slice(0, 140).join(''),
    body: [
      toned('p', 'soft', small, linked(page.url, escaped(page.name), 'text-decoration: none')),
      toned('h1', 'ink', 'margin: 0 0 20px; font-size: 22px; line-height: 1.3', escaped(incident.title)),
      ...announcements.map(htmlOfUpdate),
      ...(affected.lines.length === 0 ? [] : [htmlOfAffected(affected)]),
      button(incident.url, 'Read the whole incident'),
      rule,
      toned('p', 'soft', small, escaped(reason)),
      toned('p', 'soft', small, `${linked(leave, 'Choose what you hear of, or leave')}.`),
      toned('p', 'soft', small, `Questions: ${linked(`mailto:${page.support_email}`, escaped(page.support_email))}`),
    ].join('\n'),
  });
}

function htmlOfUpdate({ update }: Announcement): string {
  const tone = update.state === 'resolved' ? 'good' : 'ink';
  const state = toned('strong', tone, 'font-size: 16px', stateWords[update.state]);
  const at = toned('span', 'soft', 'font-size: 14px', utc(update.at, 'full'));
  return `<p style="margin: 0 0 4px">${state} &nbsp;${at}</p>\n<div class="words" style="margin: 0 0 20px">\n${update.html}\n</div>`;
}

function htmlOfAffected({ heading, lines }: Told['affected']): string {
  const items = lines.map((line) => `<li>${escaped(line)}</li>`).join('\n');
  return `<p style="margin: 0 0 4px"><strong>${heading}</strong></p>\n<ul style="margin: 0 0 12px; padding-left: 24px">\n${items}\n</ul>`;
}
