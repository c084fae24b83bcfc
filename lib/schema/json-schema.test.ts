import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { soundTexts } from '../testing/builders.ts';
import { jsonSchemaFiles, jsonSchemaOf, publishedSchemas } from './json-schema.ts';

/** A value at the end of a path may be of several types. */
const options = { validateFormats: false, allowUnionTypes: true };

const folder = new URL('../../site/public/schemas/', import.meta.url);

test('the published schemas are those of the code; `npm run schemas` writes them', () => {
  const published = readdirSync(folder).toSorted();
  expect(published).toEqual([...jsonSchemaFiles().keys()].toSorted());
  for (const [name, text] of jsonSchemaFiles()) expect(readFileSync(new URL(name, folder), 'utf8')).toBe(text);
});

test.each(Object.entries(publishedSchemas))('%s is a JSON Schema', (name, published) => {
  const schema = jsonSchemaOf(name, published);
  const ajv = published.writtenBy === 'people' ? new Ajv(options) : new Ajv2020(options);
  expect(ajv.validateSchema(schema)).toBe(true);
  expect(() => ajv.compile(schema)).not.toThrow();
});

function validates(name: string, value: unknown): boolean {
  const published = publishedSchemas[name];
  if (published === undefined) throw new Error(`There is no schema ${name}.`);
  return new Ajv(options).validate(jsonSchemaOf(name, published), value);
}

const incident = soundTexts['incidents/2026-11-20-card-payments.md'].split('---\n')[1] ?? '';

test('an editor accepts what the check accepts', () => {
  expect(validates('status-config', parse(soundTexts['status.config.yml']))).toBe(true);
  expect(validates('component', parse(soundTexts['components/payments.yml']))).toBe(true);
  expect(validates('incident-front-matter', parse(incident))).toBe(true);
  for (const asks of [
    { kind: 'http', url: 'https://api.example.com/health', expect: { json: { '$.status': 'ok' } } },
    { kind: 'tcp', host: 'mail.example.com', port: 25 },
    { kind: 'tls', host: 'shop.example.com' },
    { kind: 'dns', name: 'shop.example.com' },
  ])
    expect(validates('probe', { component: 'payments', ...asks })).toBe(true);
});

test('an editor marks a misspelt key and a word that is no state', () => {
  expect(validates('component', { nmae: 'Payments' })).toBe(false);
  expect(validates('probe', { component: 'payments', kind: 'tcp', host: 'mail.example.com', prot: 25 })).toBe(false);
  expect(validates('probe', { component: 'payments', kind: 'tcp', url: 'https://api.example.com/' })).toBe(false);
  expect(validates('incident-front-matter', { ...parse(incident), state: 'fixed' })).toBe(false);
});
