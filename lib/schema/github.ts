import { z } from 'zod';

/** `owner/name` of a repository on GitHub. */
export const RepositoryName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]{1,100}$/);
export type RepositoryName = z.infer<typeof RepositoryName>;

/** An account: its number stays, also where its name goes to somebody else. */
export const GithubAccount = z.object({ login: z.string().min(1).max(100), id: z.int().positive() });
export type GithubAccount = z.infer<typeof GithubAccount>;

/**
 * What one account may do in one repository: the role by its name, which may be one that an organisation made up, and
 * the old word (`admin`, `write`, `read`, `none`) for what that comes to.
 */
export const RepositoryPermission = z.object({
  permission: z.string(),
  role_name: z.string(),
  user: GithubAccount.nullable(),
});
export type RepositoryPermission = z.infer<typeof RepositoryPermission>;
