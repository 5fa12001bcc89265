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

test('a route of the admin API has rows of its own, and what the file has in its place is said not to hold', () => {
  const written = {
    route: {
      by: 'weight',
      targets: [
        { target: 'a/b', weight: 0 },
        { target: 'c/d', weight: 100 },
      ],
    },
  };
  const rows = rowsOfConfig(
    [
      value('models.chat.route.by', 'weight', 'file'),
      value('models.chat.route.sticky', 'none', 'default'),
      value('models.chat.route.targets[0].weight', 90, 'file'),
      value('models.chat.route.rules[0].name', 'stays', 'file'),
      value('models.chat.route', JSON.stringify(written), 'admin'),
    ],
    'chat',
  );
  expect(rows.map(({ name, value: of, origin, overridden }) => [name, of, origin, overridden])).toEqual([
    ['route.by', 'weight', 'admin', false],
    ['route.by', 'weight', 'file', true],
    ['route.rules[0].name', 'stays', 'file', false],
    ['route.sticky', 'none', 'default', false],
    ['route.targets[0].target', 'a/b', 'admin', false],
    ['route.targets[0].weight', '0', 'admin', false],
    ['route.targets[0].weight', '90', 'file', true],
    ['route.targets[1].target', 'c/d', 'admin', false],
    ['route.targets[1].weight', '100', 'admin', false],
  ]);
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
