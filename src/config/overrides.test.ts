import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Environment, LoadedConfig } from './config.ts';
import { parseConfig } from './load.ts';
import { overridingVariable } from './overrides.ts';

function parse(text: string, env: Environment): LoadedConfig {
  return parseConfig(text, { path: 'causeway.yaml', env });
}

test('the file yields to PORT and HOST, which count as unset where they are empty', () => {
  const { config, origins } = parse('server: { port: 1, host: a }', { PORT: '9', HOST: '' });
  assert.deepEqual([config.server.port, config.server.host], [9, 'a']);
  assert.equal(origins.get('server.port'), 'environment');
  assert.equal(origins.get('server.host'), 'file');
});

test('the file yields to CAUSEWAY_CONSOLE, as people write it', () => {
  for (const [text, enabled] of [
    ['off', false],
    ['0', false],
    ['false', false],
    ['On', true],
  ] as const) {
    const { config, origins } = parse(`console: { enabled: ${!enabled} }`, { CAUSEWAY_CONSOLE: text });
    assert.deepEqual([config.console.enabled, origins.get('console.enabled')], [enabled, 'environment']);
  }
  assert.throws(() => parse('', { CAUSEWAY_CONSOLE: 'hidden' }), {
    message: 'environment: CAUSEWAY_CONSOLE: "hidden" is not true or false; write true or false',
  });
});

test('the variable of a key is known by its name', () => {
  assert.deepEqual(['server.port', 'console.enabled', 'log.level'].map(overridingVariable), [
    'PORT',
    'CAUSEWAY_CONSOLE',
    undefined,
  ]);
});
