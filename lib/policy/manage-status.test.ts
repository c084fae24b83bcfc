import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StatusConfig } from '../schema/config.ts';
import { holdsManageStatus } from './manage-status.ts';

const page = { name: 'Meadow', url: 'https://status.example', support_email: 'help@meadow.example' };
const byDefault = StatusConfig.parse(page).manage_status_roles;

test.each([
  ['admin', 'admin', true],
  ['maintain', 'write', false],
  ['write', 'write', false],
  ['triage', 'read', false],
  ['read', 'read', false],
  ['none', 'none', false],
  ['', 'admin', false],
  ['Admin', 'admin', false],
  ['admin ', 'admin', false],
  ['owner', 'admin', false],
])('where nothing is set, the role %j (%s) holds MANAGE_STATUS: %s', (role_name, permission, expected) => {
  expect(holdsManageStatus({ role_name, permission }, byDefault)).toBe(expected);
});

test.each([
  ['a role that is named', 'maintain', 'write', true],
  ['a role that an organisation made up and that is named', 'status keeper', 'write', true],
  ['one that is not', 'status reader', 'write', false],
  ['a role of that name that may do nothing', 'status keeper', 'none', false],
  ['a made-up role with the name of a built-in one', 'maintain', 'read', false],
  ['admin, once other roles are named instead', 'admin', 'admin', false],
  ['the name of what every object has', 'constructor', 'admin', false],
])('%s', (_what, role_name, permission, expected) => {
  expect(holdsManageStatus({ role_name, permission }, ['maintain', 'status keeper'])).toBe(expected);
});

test('no role inherits it: whatever is not named is denied', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('admin', 'write', 'read', 'none'), (role_name, permission) => {
      fc.pre(role_name !== 'admin');
      expect(holdsManageStatus({ role_name, permission }, byDefault)).toBe(false);
    }),
  );
});
