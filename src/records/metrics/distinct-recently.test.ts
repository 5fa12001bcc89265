import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DistinctRecently } from './distinct-recently.ts';

const WINDOW_MS = 300_000;

for (const [names, within] of [
  [0, 0],
  [1, 0],
  [40, 1],
  [1000, 25],
  [30_000, 900],
  [1_000_000, 40_000],
] as const) {
  test(`promise 11: ${names} names count as that many, within ${within}, in the same memory`, () => {
    const seen = new DistinctRecently(WINDOW_MS, 10);
    for (let name = 0; name < names; name += 1) seen.add('support', `conversation-${name}`, 1000);
    for (let name = 0; name < Math.min(names, 500); name += 1) seen.add('support', `conversation-${name}`, 2000);
    assert.ok(Math.abs(seen.count(3000) - names) <= within, `${seen.count(3000)}`);
  });
}

test('the same name of another project is another one', () => {
  const seen = new DistinctRecently(WINDOW_MS, 10);
  for (const project of ['support', 'search']) seen.add(project, 'one', 0);
  assert.equal(seen.count(0), 2);
});

test('a name counts for the window, and is forgotten after it', () => {
  const seen = new DistinctRecently(WINDOW_MS, 10);
  seen.add('', 'early', 10_000);
  seen.add('', 'late', 200_000);
  assert.equal(seen.count(10_000 + WINDOW_MS), 2);
  assert.equal(seen.count(200_000 + WINDOW_MS), 1);
  seen.add('', 'much later', 200_000 + 3 * WINDOW_MS);
  assert.equal(seen.count(200_000 + 3 * WINDOW_MS), 1, 'what stood in the same slice is gone');
});
