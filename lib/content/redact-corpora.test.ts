import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { findStackTraces } from '../policy/redaction/stack-trace.ts';
import { compileRedactionRules, redactText } from '../policy/redaction.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { redactMarkdown } from './redact-markdown.ts';
import { redactTree } from './redact-tree.ts';

const corpora = process.env['CANDOR_CORPORA'];
const rules = compileRedactionRules({ supportEmail: 'support@example.com', names: [], hosts: [], patterns: [] });
const redacted = (text: string) => redactMarkdown(text, rules).text;

const file = (path: string) => readFileSync(join(corpora ?? '', path), 'utf8');
const json = <T>(path: string, schema: z.ZodType<T>): T => schema.parse(JSON.parse(file(path)));
const jsonLines = <T>(path: string, schema: z.ZodType<T>): T[] =>
  file(path)
    .trim()
    .split('\n')
    .map((line) => schema.parse(JSON.parse(line)));

describe.skipIf(corpora === undefined)('the corpora (CANDOR_CORPORA names them)', () => {
  test('a secret in real prose goes, and nothing else changes', () => {
    const Positive = z.object({ secret: z.string(), text: z.string(), expected: z.string().nullable() });
    const wrong = jsonLines('redaction/positives-in-real-prose.jsonl', Positive).filter(
      ({ secret, text, expected }) => {
        const once = redacted(text);
        const tree = parseMarkdown(text);
        redactTree(tree, rules);
        const isLeft = once.includes(secret) || JSON.stringify(tree).includes(JSON.stringify(secret).slice(1, -1));
        return isLeft || (expected !== null && once !== expected) || redacted(once) !== once;
      },
    );
    expect(wrong).toEqual([]);
  });

  test('prose without one comes back byte for byte', () => {
    const rows = jsonLines('redaction/negatives-real-prose.jsonl', z.object({ text: z.string() }));
    expect(
      rows.filter(({ text }) => redacted(text) !== text || redactTree(parseMarkdown(text), rules).length > 0),
    ).toEqual([]);
  });

  test('valid addresses go whole', () => {
    const rows = json('ip/cpython-test_ipaddress.json', z.array(z.object({ value: z.string(), cpython: z.string() })));
    const valid = rows.filter(({ cpython }) => cpython !== 'invalid').map(({ value }) => value);
    expect(valid.filter((value) => redactText(`on ${value}.`, rules).text !== 'on [redacted].')).toEqual([]);
  });

  test('internal hosts go whole, public names stay', () => {
    const hosts = Object.values(
      json('hosts/internal-hostnames.json', z.record(z.string(), z.array(z.string()))),
    ).flat();
    expect(hosts.filter((host) => redactText(`on ${host}.`, rules).text !== 'on [redacted].')).toEqual([]);
    const names = json('hosts/psl-suffixes-with-local-or-internal.json', z.array(z.string()));
    expect(names.filter((name) => redactText(name, rules).text !== name)).toEqual([]);
  });

  test('no frame of a stack trace is left', () => {
    const rows = jsonLines('stacktraces/stacktraces.jsonl', z.object({ text: z.string() }));
    const left = rows
      .map(({ text }) => redactText(text, rules).text)
      .filter((text) => findStackTraces(text).length > 0);
    expect(left).toEqual([]);
    const hasPlace = /^\s*(?:at .*[:(].*\d|File ".*line \d|#\d+ .*\()/m;
    expect(rows.map(({ text }) => redactText(text, rules).text).filter((text) => hasPlace.test(text))).toEqual([]);
  });

  test("vendors' identifiers go, words that look like them stay", () => {
    const ids = json('vendor-ids/vendor-ids.json', z.record(z.string(), z.array(z.string())));
    const kept = Object.values(ids)
      .flat()
      .filter((id) => redactText(id, rules).text === id);
    expect(kept.filter((id) => /\d/.test(id))).toEqual(['arn:aws:s3']);
    expect(kept).toEqual(expect.arrayContaining(['file_search', 'batch_completed']));
  });

  test('a name is found as configured, and only if configured', () => {
    const Names = z.record(z.string(), z.array(z.string()));
    const names = Object.values(json('names/non-ascii-and-hyphenated-names.json', Names)).flat();
    const missed = names.filter((name) => {
      const own = compileRedactionRules({ names: [name], hosts: [], patterns: [] });
      const capital = name.slice(0, 1).toUpperCase() + name.slice(1);
      return redactText(`by ${capital.normalize('NFD')}’s team`, own).text !== 'by [redacted]’s team';
    });
    expect(missed).toEqual([]);
    const words = json('names/names-that-occur-in-prose.json', z.array(z.object({ name: z.string() })));
    expect(words.filter(({ name }) => redacted(`We saw ${name} again`) !== `We saw ${name} again`)).toEqual([]);
  });
});
