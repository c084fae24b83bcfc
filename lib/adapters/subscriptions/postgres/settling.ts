import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { MailOutcome, SubscriptionStore } from '../../../subscriptions/subscription-store.ts';
import type { Claimed, Claims } from './claiming.ts';
import type { Database, Queries } from './database.ts';

/** What became of one mail, and when that was. */
interface Settlement {
  readonly claimed: Claimed;
  readonly outcome: MailOutcome;
  readonly now: Date;
}

/** Milliseconds in which outcomes gather: a transaction costs the same for one as for many, and nobody waits to send. */
const gatheringMs = 10;

/** Outcomes that arrive while others are being recorded are recorded together. */
export function settlingIn(database: Database, claims: Claims): Pick<SubscriptionStore, 'settle'> {
  const waiting: {
    readonly settlement: Settlement;
    readonly done: () => void;
    readonly failed: (error: unknown) => void;
  }[] = [];
  let isWorking = false;
  const work = async () => {
    isWorking = true;
    while (waiting.length > 0) {
      await setTimeout(gatheringMs);
      const turn = waiting.splice(0);
      const settlements = turn.map(({ settlement }) => settlement);
      try {
        await database.transaction((queries) => record(queries, settlements));
        for (const { outcome } of settlements) claims.delete(outcome.claim);
        for (const { done } of turn) done();
      } catch (error) {
        for (const { failed } of turn) failed(error);
      }
    }
    isWorking = false;
  };
  return {
    settle: async (outcome, now) => {
      const claimed = claims.get(outcome.claim);
      if (claimed === undefined) return;
      await new Promise<void>((done, failed) => {
        waiting.push({ settlement: { claimed, outcome, now }, done, failed });
        if (!isWorking) void work();
      });
    },
  };
}

/** Mails first, then subscribers, each in the order of their keys: so nobody stands in the way of another for good. */
async function record(queries: Queries, settlements: readonly Settlement[]): Promise<void> {
  const updates = settlements.filter(({ claimed }) => claimed.incident !== undefined);
  const confirmations = settlements.filter(({ claimed }) => claimed.incident === undefined);
  if (updates.length > 0) await recordUpdates(queries, updates);
  if (confirmations.length > 0) await recordConfirmations(queries, confirmations);
  await recordRefusals(queries, settlements);
}

async function recordUpdates(queries: Queries, settlements: readonly Settlement[]): Promise<void> {
  const keys = settlements.map(({ claimed: { subscriber, incident } }) => ({ subscriber, incident }));
  const { rows } = await queries.query(lockMailsSql, [JSON.stringify(keys)], 'lock-mails');
  const present = new Map(
    z
      .array(LockedRow)
      .parse(rows)
      .map((row) => [`${row.subscriber} ${row.incident}`, row]),
  );
  const gone: object[] = [];
  const changed: object[] = [];
  for (const { claimed, outcome, now } of settlements) {
    const { subscriber, incident, worker } = claimed;
    const mail = present.get(`${subscriber} ${incident}`);
    if (mail === undefined) continue;
    const isMine = mail.claim === worker;
    if (outcome.kind === 'retry') {
      if (isMine)
        changed.push({
          subscriber,
          incident,
          updates: mail.updates,
          due_at: outcome.at,
          attempts: mail.attempts + 1,
          claim: null,
        });
      continue;
    }
    const left = mail.updates.filter((at) => !claimed.updates.includes(at));
    if (left.length === 0) gone.push({ subscriber, incident });
    else
      changed.push({
        subscriber,
        incident,
        updates: left,
        due_at: now,
        attempts: 0,
        claim: isMine ? null : mail.claim,
      });
  }
  if (gone.length > 0) await queries.query(deleteMailsSql, [JSON.stringify(gone)], 'delete-mails');
  if (changed.length > 0) await queries.query(changeMailsSql, [JSON.stringify(changed)]);
}

async function recordConfirmations(queries: Queries, settlements: readonly Settlement[]): Promise<void> {
  const rows = settlements.map(({ claimed: { subscriber, worker }, outcome }) => {
    return { subscriber, worker, due_at: outcome.kind === 'retry' ? outcome.at : null };
  });
  await queries.query('SELECT FROM candor_subscribers WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE', [
    rows.map(({ subscriber }) => subscriber),
  ]);
  await queries.query(settleConfirmationsSql, [JSON.stringify(rows)]);
}

/** Refusals in a row: an accepted mail ends the row. Who is suspended is owed nothing of what came before. */
async function recordRefusals(queries: Queries, settlements: readonly Settlement[]): Promise<void> {
  const accepted = settlements.filter(({ outcome }) => outcome.kind === 'accepted');
  const ids = accepted.map(({ claimed }) => claimed.subscriber);
  if (ids.length > 0) await queries.query(acceptedSql, [ids], 'accepted');
  for (const { claimed, outcome, now } of settlements) {
    if (outcome.kind !== 'dropped' || !(outcome.refused || outcome.suspend)) continue;
    const since = outcome.suspend ? now : null;
    await queries.query(refusedSql, [claimed.subscriber, outcome.refused ? 1 : 0, since]);
    if (outcome.suspend) await queries.query('DELETE FROM candor_mails WHERE subscriber = $1', [claimed.subscriber]);
  }
}

const LockedRow = z.object({
  subscriber: z.string(),
  incident: z.string(),
  updates: z.array(z.string()),
  attempts: z.int(),
  claim: z.int().nullable(),
});

const keys = 'jsonb_to_recordset($1::jsonb) AS k (subscriber text, incident text)';
const lockMailsSql = `
  SELECT m.subscriber, m.incident, m.updates, m.attempts, m.claim FROM candor_mails m JOIN ${keys}
    ON m.subscriber = k.subscriber AND m.incident = k.incident
  ORDER BY m.subscriber, m.incident FOR UPDATE OF m`;
const deleteMailsSql = `
  DELETE FROM candor_mails m USING ${keys} WHERE m.subscriber = k.subscriber AND m.incident = k.incident`;
const changeMailsSql = `
  UPDATE candor_mails m SET updates = c.updates, due_at = c.due_at, attempts = c.attempts, claim = c.claim
  FROM jsonb_to_recordset($1::jsonb)
    AS c (subscriber text, incident text, updates text[], due_at timestamptz, attempts integer, claim integer)
  WHERE m.subscriber = c.subscriber AND m.incident = c.incident`;

/** Accepted or given up: it is owed no longer, whoever has it now. Tried again: if it is still this worker's. */
const settleConfirmationsSql = `
  UPDATE candor_subscribers s SET
    owed_at = CASE WHEN c.due_at IS NULL THEN NULL ELSE s.owed_at END,
    due_at = c.due_at,
    attempts = CASE WHEN c.due_at IS NULL THEN 0 ELSE s.attempts + 1 END,
    claim = NULL
  FROM jsonb_to_recordset($1::jsonb) AS c (subscriber text, worker integer, due_at timestamptz)
  WHERE s.id = c.subscriber AND s.owed_at IS NOT NULL AND (c.due_at IS NULL OR s.claim = c.worker)`;

const acceptedSql = 'UPDATE candor_subscribers SET refusals = 0 WHERE id = ANY ($1) AND refusals <> 0';
const refusedSql = `
  UPDATE candor_subscribers SET refusals = refusals + $2, suspended_at = coalesce($3, suspended_at) WHERE id = $1`;
