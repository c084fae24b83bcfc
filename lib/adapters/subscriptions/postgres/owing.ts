import { z } from 'zod';
import { IncidentId } from '../../../schema/identifier.ts';
import type { Announcement } from '../../../schema/subscription.ts';
import { componentsOf, confirmedBefore, newestShown, newsOf, oldestNewsMs } from '../../../subscriptions/news.ts';
import type { Look, LookOutcome, SubscriptionStore } from '../../../subscriptions/subscription-store.ts';
import type { Database, Queries } from './database.ts';

/** What was seen of the page, and who is owed it. */
export function owingIn(database: Database): Pick<SubscriptionStore, 'owe' | 'seen'> {
  return {
    owe: (look, now) => database.transaction((queries) => owe(queries, look, now), { long: true }),
    seen: (incidents) => seenOf(database, incidents),
  };
}

/** One look after the other: the row of the store is held meanwhile. */
async function owe(queries: Queries, look: Look, now: Date): Promise<LookOutcome> {
  const { rows } = await queries.query('SELECT page_url, page_generated_at FROM candor_store FOR UPDATE');
  const { page_url: url, page_generated_at: last } = PageRow.parse(rows[0]);
  if (url !== null && url !== look.page) return { kind: 'other_page', page: url };
  if (last !== null && look.generatedAt < last) return { kind: 'older', than: last };
  const shown = newestShown(look);
  const news = url === null ? [] : newsOf(look, await seenOf(queries, Array.from(shown.keys())));
  const mails =
    news.length === 0 ? 0 : (await queries.query(oweSql, [newsJson(news), confirmedBefore(look), now])).count;
  await rememberLook(queries, look, news);
  return url === null
    ? { kind: 'first', updates: look.announcements.length }
    : { kind: 'owed', updates: news.length, mails };
}

/** The words of what is owed, as the page has them now, and what was seen. */
async function rememberLook(queries: Queries, look: Look, news: readonly Announcement[]): Promise<void> {
  const shown = newestShown(look);
  const ids = Array.from(shown.keys());
  await queries.query('UPDATE candor_store SET page_url = $1, page_generated_at = $2', [look.page, look.generatedAt]);
  await queries.query(wordsSql, [wordsJson(look.announcements)]);
  if (news.length > 0) await queries.query(newWordsSql, [wordsJson(news)]);
  await queries.query(forgetWordsSql);
  await queries.query(seenSql, [ids, Array.from(shown.values())]);
  await queries.query(forgetSeenSql, [ids, new Date(oldestNewsMs(look))]);
}

async function seenOf(queries: Queries, incidents: readonly IncidentId[]): Promise<ReadonlyMap<IncidentId, Date>> {
  const { rows } = await queries.query('SELECT incident, at FROM candor_seen WHERE incident = ANY ($1)', [incidents]);
  return new Map(
    z
      .array(SeenRow)
      .parse(rows)
      .map(({ incident, at }) => [incident, at]),
  );
}

function newsJson(news: readonly Announcement[]): string {
  return JSON.stringify(
    news.map((one, number) => ({
      incident: one.incident.id,
      at: one.update.at,
      components: componentsOf(one),
      number,
    })),
  );
}

function wordsJson(announcements: readonly Announcement[]): string {
  return JSON.stringify(
    announcements.map((one) => ({ incident: one.incident.id, at: one.update.at, body: JSON.stringify(one) })),
  );
}

const PageRow = z.object({ page_url: z.string().nullable(), page_generated_at: z.date().nullable() });
const SeenRow = z.object({ incident: IncidentId, at: z.date() });

/** One mail for each subscriber and incident, whoever many there are. */
const oweSql = `
  INSERT INTO candor_mails AS m (subscriber, incident, updates, owed_at, due_at)
  SELECT s.id, news.incident, array_agg(news.at ORDER BY news.number), $3::timestamptz, $3::timestamptz
  FROM jsonb_to_recordset($1::jsonb) AS news (incident text, at text, components text[], number integer)
  JOIN candor_subscribers s
    ON candor_is_active(s.confirmed_at, s.suspended_at) AND s.confirmed_at < $2
    AND (s.components IS NULL OR s.components && news.components)
  GROUP BY s.id, news.incident
  ORDER BY s.id, news.incident
  ON CONFLICT (subscriber, incident) DO UPDATE SET updates = m.updates || excluded.updates, owed_at = excluded.owed_at`;

const words = 'jsonb_to_recordset($1::jsonb) AS w (incident text, at text, body text)';
const wordsSql = `
  UPDATE candor_announcements a SET body = w.body FROM ${words}
  WHERE a.incident = w.incident AND a.at = w.at AND a.body <> w.body`;
const newWordsSql = `
  INSERT INTO candor_announcements (incident, at, body) SELECT w.incident, w.at, w.body FROM ${words}
  ON CONFLICT (incident, at) DO UPDATE SET body = excluded.body`;
const forgetWordsSql = `
  DELETE FROM candor_announcements a
  WHERE NOT EXISTS (SELECT FROM candor_mails m WHERE m.incident = a.incident AND a.at = ANY (m.updates))`;

const seenSql = `
  INSERT INTO candor_seen AS s (incident, at) SELECT * FROM unnest($1::text[], $2::timestamptz[])
  ON CONFLICT (incident) DO UPDATE SET at = GREATEST(s.at, excluded.at)`;
const forgetSeenSql = 'DELETE FROM candor_seen WHERE at < $2 AND incident <> ALL ($1::text[])';
