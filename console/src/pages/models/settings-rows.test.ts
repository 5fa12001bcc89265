import { expect, test } from 'vitest';

import { rowsOfConfig } from './settings-rows.ts';
import type { EffectiveValue } from './wire.ts';

const value = (path: string, of: string | number, origin: string): EffectiveValue => ({
  path,
  value: of,
  origin,
  line: null,
  column: null,
  secret: false,
  restart: false,
  variables: [],
});

test('a model has its own settings, and of the shared ones those that it does not set', () => {
  const rows = rowsOfConfig(
    [
      value('defaults.retries.max', 3, 'default'),
      value('defaults.breaker.failures', 5, 'file'),
      value('models.chat.retries.max', 2, 'file'),
      value('models.chatty.retries.max', 9, 'file'),
      value('server.port', 8080, 'default'),
    ],
    'chat',
  );
  expect(rows.map(({ name, value: of, origin }) => [name, of, origin])).toEqual([
    ['breaker.failures', '5', 'file'],
    ['retries.max', '2', 'file'],
  ]);
});
