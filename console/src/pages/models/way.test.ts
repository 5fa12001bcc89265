import { expect, test } from 'vitest';

import { wayOf } from './way.ts';
import type { Model } from './wire.ts';

const target = (name: string, role: string, weight: number | null = null) => ({ target: name, role, weight });
const model = (by: string, ...targets: object[]) =>
  ({ targets, route: { by, rules: [] } }) as unknown as Pick<Model, 'targets' | 'route'>;

test('a way has its steps in order, and shares where weights decide', () => {
  const steps = wayOf(
    model('weight', target('c', 'fallback'), target('a', 'route', 3), target('b', 'route', 1), target('d', 'rule')),
  );
  expect(steps.map(({ kind, targets }) => [kind, targets.map(({ target: name, share }) => [name, share])])).toEqual([
    ['rules', [['d', undefined]]],
    [
      'first',
      [
        ['a', 0.75],
        ['b', 0.25],
      ],
    ],
    ['fallback', [['c', undefined]]],
  ]);
});

test('no shares are made up', () => {
  expect(wayOf(model('cost', target('a', 'route', 3)))[0]?.targets[0]?.share).toBeUndefined();
  expect(wayOf(model('weight', target('a', 'route', 0)))[0]?.targets[0]?.share).toBeUndefined();
});
