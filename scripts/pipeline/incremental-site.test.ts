import { expect, test } from 'vitest';
import { compileRedactionRules, type RedactionSource } from '../../lib/policy/redaction.ts';
import { component, config } from '../../lib/testing/builders.ts';
import { type SiteFacts, siteFingerprint } from './incremental-site.ts';

function rules(source: Partial<RedactionSource> = {}) {
  return compileRedactionRules({ names: [], hosts: [], patterns: [], ...source });
}

function fingerprint(facts: Partial<SiteFacts> = {}): string {
  const own = { templates: 'a', config: config(), components: [component()], redaction: rules(), key: undefined };
  return siteFingerprint({ ...own, ...facts });
}

const named = rules({ names: ['Ada Lovelace'] });

test.each<[string, Partial<SiteFacts>]>([
  ['templates', { templates: 'b' }],
  ["the page's name", { config: config({ name: 'Other Status' }) }],
  ["the page's address", { config: config({ url: 'https://other.example.com' }) }],
  ['the line under the name', { config: config({ description: 'How we are doing' }) }],
  ['the address of support', { config: config({ support_email: 'other@example.com' }) }],
  ["a component's name", { components: [component({ name: 'Paying' })] }],
  ['a new component', { components: [component(), component({ id: 'checkout', name: 'Checkout' })] }],
  ['a redacted name', { redaction: named, key: 'k' }],
  ['a redacted host', { redaction: rules({ hosts: ['.corp.example'] }), key: 'k' }],
  ['a redacted pattern', { redaction: rules({ patterns: ['X-[0-9]+'] }), key: 'k' }],
])('pages of the archive depend on %s', (_what, facts) => {
  expect(fingerprint(facts)).not.toBe(fingerprint());
});

test.each<[string, Partial<SiteFacts>]>([
  ['the order of components', { components: [component({ order: 5 })] }],
  ["a component's group and description", { components: [component({ group: 'Shop', description: 'By card' })] }],
  ['how often probes are asked', { config: config({ probe_interval_minutes: 9 }) }],
  ['where the page is published', { config: config({ bucket: 'gs://status-example-com' }) }],
  ['the key, where no words are redacted', { key: 'k' }],
])('pages of the archive do not depend on %s', (_what, facts) => {
  expect(fingerprint(facts)).toBe(fingerprint());
});

test('whoever guesses the redacted names cannot see without the key whether he is right', () => {
  expect(fingerprint({ redaction: named, key: 'one' })).not.toBe(fingerprint({ redaction: named, key: 'other' }));
  expect(() => fingerprint({ redaction: named })).toThrow('without a key');
});
