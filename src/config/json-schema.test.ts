import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

import { Check } from 'typebox/value';
import { parse } from 'yaml';

import { configJsonSchema } from './json-schema.ts';

const schema = configJsonSchema();
const allows = (yaml: string): boolean => Check(schema, parse(yaml));

describe('the published JSON Schema', () => {
  it('is what the code says', () => {
    const published: unknown = JSON.parse(
      readFileSync(new URL('../../docs/causeway.schema.json', import.meta.url), 'utf8'),
    );
    assert.deepEqual(published, JSON.parse(JSON.stringify(schema)), 'npm run generate');
  });

  it('has none of our own keywords', () => {
    assert.doesNotMatch(JSON.stringify(schema), /"(x-|~)/);
  });

  it('has patterns that validators understand, which read them as Unicode', () => {
    const patterns = [...JSON.stringify(schema).matchAll(/"pattern":("(?:[^"\\\\]|\\\\.)*")/g)];
    assert.ok(patterns.length > 10);
    for (const [, pattern = ''] of patterns) assert.doesNotThrow(() => new RegExp(JSON.parse(pattern) as string, 'u'));
  });

  it('describes every key', () => {
    const undescribed: string[] = [];
    const walk = (part: Record<string, unknown>, key: string): void => {
      for (const [name, field] of Object.entries(
        (part['properties'] ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        if (field['description'] === undefined) undescribed.push(`${key}.${name}`);
        walk(field, `${key}.${name}`);
      }
      if (typeof part['additionalProperties'] === 'object') {
        walk(part['additionalProperties'] as Record<string, unknown>, `${key}.<name>`);
      }
      for (const variant of (part['anyOf'] ?? []) as Record<string, unknown>[]) walk(variant, key);
    };
    walk(schema as Record<string, unknown>, '');
    assert.deepEqual(undescribed, []);
  });

  it('allows variables wherever values may stand', () => {
    assert.ok(allows('server: { port: "${P}", bodyLimit: "${N}MB" }\nlog: { level: "${L:-info}" }'));
  });

  it('allows sections whose lines are commented out, but not those that need a key', () => {
    assert.ok(allows('server:\nproviders:\n'));
    assert.ok(!allows('models:\n  chat:\n'));
  });

  for (const wrong of [
    'server: { port: many }',
    'server: { prot: 80 }',
    'server: { bodyLimit: 10 megabytes }',
    'log: { level: loud }',
    'models: { chat: {} }',
    'providers: { a: { type: openai-compatible } }',
    'providers: { a/b: { type: openai } }',
  ]) {
    it(`refuses ${wrong}`, () => assert.ok(!allows(wrong)));
  }

  it('is named on the first line of each example', () => {
    const folder = new URL('../../examples/', import.meta.url);
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
      const [first = ''] = readFileSync(new URL(name, folder), 'utf8').split('\n');
      assert.equal(first, '# yaml-language-server: $schema=../docs/causeway.schema.json', name);
    }
  });
});
