import type { RepositoryPermission } from '../schema/github.ts';

/** What GitHub's own roles come to in its old words; a role of one of these names that comes to something else is not GitHub's. */
const builtInRoles: Readonly<Record<string, string>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
};

/**
 * Whether somebody of this permission holds MANAGE_STATUS, where the roles in `roles` do (`manage_status_roles` of the
 * settings). Names are compared letter by letter; every other role is denied, also one that does not exist yet.
 */
export function holdsManageStatus(
  { permission, role_name: role }: Pick<RepositoryPermission, 'permission' | 'role_name'>,
  roles: readonly string[],
): boolean {
  if (!roles.includes(role)) return false;
  const known = Object.hasOwn(builtInRoles, role) ? builtInRoles[role] : undefined;
  return known === undefined ? permission !== 'none' : permission === known;
}
