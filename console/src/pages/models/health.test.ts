import { describe, expect, test } from 'vitest';

import { healthByTarget, modelHealth, targetHealth } from './health.ts';
import type { Model, TargetState } from './wire.ts';

const key = (state: string) => ({ id: 'a', hint: '1234', weight: 1, state });

function stateOf(target: string, breaker: string, more: { keys?: string[]; waiting?: number } = {}): TargetState {
  const { keys = ['usable'], waiting = 0 } = more;
  return {
    target,
    breaker: {
      state: breaker,
      cause: null,
      retry_after_ms: 0,
      failures_in_a_row: 0,
      calls: 0,
      failures: 0,
      openings: 0,
    },
    queue: { in_flight: 0, concurrency: 1, waiting, waiting_by_priority: {}, estimate_ms: 0, holding_ms: 0 },
    p95_ms: null,
    keys: keys.map(key),
  };
}

function modelOf(targets: readonly [target: string, role: string, ready?: boolean][]): Pick<Model, 'targets'> {
  return { targets: targets.map(([target, role, ready = true]) => ({ target, role, ready })) as Model['targets'] };
}

describe('the health of a target', () => {
  test.each([
    [stateOf('a/b', 'closed'), 'well'],
    [stateOf('a/b', 'open'), 'down'],
    [stateOf('a/b', 'half-open'), 'probing'],
    [stateOf('a/b', 'closed', { keys: ['refused', 'limited'] }), 'down'],
    [stateOf('a/b', 'closed', { keys: ['refused', 'usable'] }), 'strained'],
    [stateOf('a/b', 'closed', { waiting: 3 }), 'strained'],
    [stateOf('a/b', 'closed', { keys: [] }), 'well'],
  ])('%#', (state, health) => expect(targetHealth(state)).toBe(health));

  test('is the worst of its rules', () => {
    const found = healthByTarget([stateOf('a/b', 'open'), stateOf('a/b', 'closed'), stateOf('c/d', 'closed')]);
    expect([...found]).toEqual([
      ['a/b', 'down'],
      ['c/d', 'well'],
    ]);
  });
});

describe('the health of a model', () => {
  const seen = healthByTarget([stateOf('a/down', 'open'), stateOf('a/well', 'closed')]);

  test('is strained while somebody else answers, and down when nobody does', () => {
    expect(
      modelHealth(
        modelOf([
          ['a/down', 'target'],
          ['a/well', 'fallback'],
        ]),
        seen,
      ),
    ).toBe('strained');
    expect(modelHealth(modelOf([['a/down', 'target']]), seen)).toBe('down');
    expect(
      modelHealth(
        modelOf([
          ['a/well', 'route'],
          ['a/other', 'route'],
        ]),
        seen,
      ),
    ).toBe('well');
    expect(
      modelHealth(
        modelOf([
          ['a/well', 'route', false],
          ['a/well', 'route'],
        ]),
        seen,
      ),
    ).toBe('strained');
  });

  test('is unknown while nobody asks', () => {
    expect(modelHealth(modelOf([['a/other', 'target']]), seen)).toBe('unknown');
    expect(modelHealth(modelOf([]), seen)).toBe('unknown');
  });
});
