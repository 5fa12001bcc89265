import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

import { parseConfig } from './load.ts';

const FOLDER = new URL('../../examples/', import.meta.url);

function parse(file: string, env: Record<string, string>) {
  return parseConfig(readFileSync(new URL(file, FOLDER), 'utf8'), { path: file, env }).config;
}

describe('examples', () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'))) {
    it(`${file} loads`, () => {
      const named = readFileSync(new URL(file, FOLDER), 'utf8').matchAll(/\$\{(\w+)\}/g);
      const config = parse(file, Object.fromEntries([...named].map(([, name = '']) => [name, 'some-text'])));
      assert.ok(config.models.size + config.providers.size > 1);
    });
  }

  it('causeway.yaml needs nothing of the environment', () => {
    assert.doesNotThrow(() => parse('causeway.yaml', {}));
  });
});
