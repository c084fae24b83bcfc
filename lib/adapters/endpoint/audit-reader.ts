import { auditPart } from '../../policy/audit-part.ts';
import type { ErrorCode } from '../../schema/endpoint.ts';
import type { AuditAnswer, AuditQuestion } from '../../subscriptions/endpoint-call.ts';
import type { AuditAccess } from './audit-access.ts';
import { refusal } from './refusals.ts';

/** What reading the audit log needs. */
export interface AuditNeeds {
  /** Absent where no repository is named, so that nobody's roles can be asked. */
  readonly access: ((token: string) => Promise<AuditAccess>) | undefined;
  /** The whole log as text. */
  readonly readLog: () => Promise<string>;
  readonly failed: (error: unknown) => void;
}

const usualEntries = 50;
const mostEntries = 200;

/** Reads a part of the audit log for whom `Authorization` names: newest first, `limit` entries, older ones by `cursor`. */
export async function readAudit(needs: AuditNeeds, { authorization, query }: AuditQuestion): Promise<AuditAnswer> {
  if (needs.access === undefined) {
    return no(503, 'unavailable', 'The audit log is not open here: GITHUB_REPOSITORY is not set.');
  }
  const [, token] = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) return no(401, 'unauthorized', 'Send a token of GitHub: Authorization: Bearer TOKEN.');
  const part = partOf(query);
  if (part === undefined) {
    return no(400, 'malformed', `limit is a number from 1 to ${mostEntries}, cursor what an answer called next.`);
  }
  try {
    const access = await needs.access(token);
    if (access === 'unauthorized') return no(401, 'unauthorized', 'GitHub does not know this token.');
    if (access === 'forbidden') return no(403, 'forbidden', 'This account does not hold MANAGE_STATUS.');
  } catch (error) {
    needs.failed(error);
    return no(503, 'unavailable', 'GitHub does not answer, so nobody can be let in. Try again in a minute.');
  }
  return read(needs, part);
}

interface WantedPart {
  readonly before: number | undefined;
  readonly limit: number;
}

function partOf(text: string): WantedPart | undefined {
  const query = new URLSearchParams(text);
  const [limit = String(usualEntries), ...moreLimits] = query.getAll('limit');
  const [cursor, ...moreCursors] = query.getAll('cursor');
  if (moreLimits.length > 0 || moreCursors.length > 0) return undefined;
  if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > mostEntries) return undefined;
  if (cursor !== undefined && !/^[1-9]\d{0,14}$/.test(cursor)) return undefined;
  return { limit: Number(limit), before: cursor === undefined ? undefined : Number(cursor) };
}

async function read(needs: AuditNeeds, wanted: WantedPart): Promise<AuditAnswer> {
  try {
    const part = auditPart(await needs.readLog(), wanted);
    if (part !== undefined) {
      const { entries, next } = part;
      const older = next === undefined ? {} : { next: String(next) };
      return { status: 200, document: { version: 1, entries: [...entries], ...older } };
    }
    return no(503, 'unavailable', 'The audit log is damaged. `candor audit verify` says where.');
  } catch (error) {
    needs.failed(error);
    return no(503, 'unavailable', 'The audit log cannot be read for the moment. Try again in a minute.');
  }
}

function no(status: 400 | 401 | 403 | 503, code: ErrorCode, message: string): AuditAnswer {
  return { status, document: refusal(code, message).document };
}
