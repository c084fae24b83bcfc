import { expect, test } from 'vitest';
import { compileRedactionRules } from '../policy/redaction.ts';
import { redactionSuggestions } from './redaction-suggestions.ts';

const rules = compileRedactionRules({ supportEmail: undefined, names: [], hosts: [], patterns: [] });

function suggestionsFor(path: string, text: string) {
  return redactionSuggestions([{ path, bytes: new TextEncoder().encode(text) }], rules);
}

test('the lines are offered as they may stand', () => {
  const text = 'name: Payments\ndescription: At 10.1.2.3\n';
  expect(suggestionsFor('components/payments.yml', text)).toEqual([
    {
      file: 'components/payments.yml',
      found: [{ line: 2, kind: 'ipv4' }],
      lines: [{ line: 2, text: 'description: At [redacted]' }],
    },
  ]);
});

test('a line that holds something where nobody but a reader of the file looks is not shown', () => {
  const text = 'name: Payments\ndescription: At 10.1.2.3 # or 10.9.9.9\n';
  const [suggestion] = suggestionsFor('components/payments.yml', text);
  expect(JSON.stringify(suggestion)).not.toContain('10.9.9.9');
  expect(suggestion?.lines).toEqual([]);
});

test('a file that holds nothing, or is no text, has no suggestion', () => {
  expect(suggestionsFor('components/payments.yml', 'name: Payments\n')).toEqual([]);
  expect(redactionSuggestions([{ path: 'components/x.yml', bytes: new Uint8Array([0xff, 0xfe]) }], rules)).toEqual([]);
});
