import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Environment } from './config.ts';
import { parseConfig } from './load.ts';
import { ConfigError } from './problems.ts';

const parse = (text: string, env: Environment = {}) => parseConfig(text, { path: 'causeway.yaml', env }).config;

describe('keys with weights', () => {
  it('stand beside plain ones', () => {
    const { providers } = parse(
      'providers: { a: { type: openai, apiKeys: [k1, { key: "${KEY}" }, { key: k3, weight: 3 }] } }',
      { KEY: 'k2' },
    );
    const provider = providers.get('a');
    assert.ok(provider && provider.type !== 'simulator');
    assert.deepEqual(provider.apiKeys, ['k1', { key: 'k2', weight: 1 }, { key: 'k3', weight: 3 }]);
  });

  it('have mistakes that are named with their place', () => {
    const text = 'providers: { a: { type: openai, apiKeys: [k, { key: k2, weight: 0 }, { weigth: 2 }, [k3], null] } }';
    assert.throws(
      () => parse(text),
      (error: Error) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual(
          error.problems.map(({ column, key, message }) => `${column} ${key}: ${message}`),
          [
            '65 providers.a.apiKeys[1].weight: 0 is not a whole number from 1 to 1000; write one, e.g. 1',
            '70 providers.a.apiKeys[2].key: missing; write a text in quotes, e.g. "${OPENAI_API_KEY}"',
            '72 providers.a.apiKeys[2].weigth: unknown key; did you mean "weight"?',
            '85 providers.a.apiKeys[3]: not a single value; write a text in quotes',
            '91 providers.a.apiKeys[4]: no value; write a text in quotes, or remove the key',
          ],
        );
        return true;
      },
    );
  });
});
