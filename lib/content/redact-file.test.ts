import { describe, expect, test } from 'vitest';
import { compileRedactionRules } from '../policy/redaction.ts';
import { redactFile } from './redact-file.ts';

const rules = compileRedactionRules({
  supportEmail: 'support@example.com',
  names: ['Jane Doe'],
  hosts: [],
  patterns: [],
});

const incident = `---
# asked 10.0.0.9
title: 10.0.0.1 is down   # for now
imported_from: https://db.internal/x
state: resolved
---

## investigating 2026-11-20T09:12:00Z payments=partial_outage

Jane Doe restarts 10.0.0.1.

## resolved 2026-11-20T09:40:00Z

It is [back](http://db.internal).
`;

const redactedIncident = `---
# asked 10.0.0.9
title: "[redacted] is down"   # for now
imported_from: https://db.internal/x
state: resolved
---

## investigating 2026-11-20T09:12:00Z payments=partial_outage

[redacted] restarts [redacted].

## resolved 2026-11-20T09:40:00Z

It is back [redacted].
`;

describe('an incident', () => {
  test('loses what must not be published from its title and its updates alone', () => {
    expect(redactFile('incidents/2026-11-20-till.md', incident, rules)).toEqual({
      text: redactedIncident,
      findings: [
        { kind: 'ipv4', line: 3, column: 8 },
        { kind: 'employee_name', line: 10, column: 1 },
        { kind: 'ipv4', line: 10, column: 19 },
        { kind: 'internal_host', line: 14, column: 14 },
      ],
    });
  });

  test('keeps its line endings and its byte order mark', () => {
    const windows = (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    expect(redactFile('incidents/2026-11-20-till.md', windows(incident), rules).text).toBe(windows(redactedIncident));
  });

  test('that holds nothing comes back as it is', () => {
    expect(redactFile('incidents/2026-11-20-till.md', redactedIncident, rules)).toEqual({
      text: redactedIncident,
      findings: [],
    });
  });
});

test('a component keeps comments, quotes and layout', () => {
  const source = `name: "db\\x2einternal"
description: >-
  Behind 10.0.0.1
  since May
override:
  reason: 'Ask jane@example.com first' # soon
  set_at: 2026-11-20T08:00:00Z
`;
  expect(redactFile('components/till.yml', source, rules)).toEqual({
    text: `name: "[redacted]"
description: >-
  Behind [redacted]
  since May
override:
  reason: 'Ask [redacted] first' # soon
  set_at: 2026-11-20T08:00:00Z
`,
    findings: [
      { kind: 'internal_host', line: 1, column: 7 },
      { kind: 'ipv4', line: 2, column: 14 },
      { kind: 'email', line: 6, column: 11 },
    ],
  });
});

test('the page keeps its support address and what it redacts', () => {
  const source = "name: Jane Doe's shop\nsupport_email: support@example.com\nredact: { names: [Jane Doe] }\n";
  expect(redactFile('status.config.yml', source, rules).text).toBe(
    'name: "[redacted]\'s shop"\nsupport_email: support@example.com\nredact: { names: [Jane Doe] }\n',
  );
});

test('other YAML stays, and any other file is read as Markdown', () => {
  expect(redactFile('probes/till.yml', 'url: http://db.internal\n', rules).text).toBe('url: http://db.internal\n');
  expect(redactFile('notes.txt', 'see 10\\.0.0.1', rules).text).toBe('see [redacted]');
});
