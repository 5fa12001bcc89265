import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { greatest, ranked } from './changes.ts';
import type { NamedChange, NamedSums } from './overview-store.ts';

function change(name: string, now: Partial<NamedSums>, before: Partial<NamedSums>): NamedChange {
  const nothing = { requests: 0, errors: 0, costNanoUsd: 0 };
  return { name, now: { ...nothing, ...now }, before: { ...nothing, ...before } };
}

const names = (changes: readonly NamedChange[]) => changes.map(({ name }) => name);

describe('what changed most', () => {
  test('is what chance does not explain, the most surprising first', () => {
    const steady = change('steady', { requests: 90_100 }, { requests: 90_000 });
    const failing = change('failing', { requests: 500, errors: 10 }, { requests: 500 });
    const gone = change('gone', {}, { requests: 400 });
    const dearer = change('dearer', { requests: 500, costNanoUsd: 9e9 }, { requests: 500, costNanoUsd: 1e9 });
    const all = ranked([steady, failing, gone, dearer], 9);
    assert.deepEqual(names(all).at(-1), 'failing');
    assert.deepEqual(new Set(names(all)), new Set(['dearer', 'gone', 'failing']));
    assert.deepEqual(Object.fromEntries(all.map(({ name, most }) => [name, most])), {
      dearer: 'costNanoUsd',
      gone: 'requests',
      failing: 'errors',
    });
    assert.equal(ranked([steady, failing, gone, dearer], 2).length, 2);
  });

  test('is nothing where nothing happened, or all is as it was', () => {
    assert.deepEqual(ranked([], 5), []);
    assert.deepEqual(ranked([change('a', {}, {}), change('b', { requests: 7 }, { requests: 7 })], 5), []);
  });
});

test('the greatest are those of now, alike ones by their names, and none without any', () => {
  const all = [
    change('b', { requests: 2 }, {}),
    change('a', { requests: 2 }, {}),
    change('was', {}, { requests: 99 }),
    change('c', { requests: 3 }, {}),
  ];
  assert.deepEqual(names(greatest(all, 'requests', 9)), ['c', 'a', 'b']);
  assert.deepEqual(names(greatest(all, 'requests', 1)), ['c']);
  assert.deepEqual(greatest(all, 'costNanoUsd', 9), []);
});
