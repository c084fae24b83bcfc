import { createHash } from 'node:crypto';
import { holdsManageStatus } from '../../policy/manage-status.ts';
import { Failure } from '../failure.ts';
import { GithubRefusal, type GithubTiming, openGithubApi } from '../github-api.ts';
import { repositoryPermission, tokenAccount } from '../github-roles.ts';

/** What a bearer of a token may do: `unauthorized` is no valid token, `forbidden` a valid one without MANAGE_STATUS. */
export type AuditAccess = 'granted' | 'unauthorized' | 'forbidden';

/** Whose roles count, and where they are asked. */
export interface AccessNeeds {
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  /** The roles of the repository that hold MANAGE_STATUS now; every other is denied. */
  readonly roles: () => readonly string[];
  readonly now: () => Date;
}

const rememberedMs = 60_000;
const mostRemembered = 1000;

/**
 * Who may read the audit log, asked of GitHub with the very token that is held, so that it needs no token of our own, and
 * remembered for a minute. Rejects where GitHub does not answer: then nobody may.
 */
export function auditAccess(needs: AccessNeeds): (token: string) => Promise<AuditAccess> {
  const known = new Map<string, { readonly access: AuditAccess; readonly until: number }>();
  return async (token) => {
    const key = createHash('sha256').update(token).digest('base64');
    const now = needs.now().getTime();
    const remembered = known.get(key);
    if (remembered !== undefined && now < remembered.until) return remembered.access;
    const access = await askGithub(needs, token);
    known.delete(key);
    const [oldest] = known.keys();
    if (known.size >= mostRemembered && oldest !== undefined) known.delete(oldest);
    known.set(key, { access, until: now + rememberedMs });
    return access;
  };
}

/** Somebody waits for the answer, so nothing is asked twice. */
const timing: GithubTiming = {
  longestRequestMs: 5000,
  sleep: () => Promise.reject(new Failure('GitHub asks to wait.', { fix: 'Try again in a minute.' })),
};

async function askGithub({ apiUrl, repository, roles }: AccessNeeds, token: string): Promise<AuditAccess> {
  try {
    const api = await openGithubApi({ apiUrl, token }, timing);
    const account = await tokenAccount(api);
    const permission = await repositoryPermission(api, repository, account);
    return holdsManageStatus(permission, roles()) ? 'granted' : 'forbidden';
  } catch (error) {
    if (error instanceof GithubRefusal && error.status === 401) return 'unauthorized';
    // GitHub hides a repository from who may not see it.
    if (error instanceof GithubRefusal && (error.status === 403 || error.status === 404)) return 'forbidden';
    throw error;
  }
}
