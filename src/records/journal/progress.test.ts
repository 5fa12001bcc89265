import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Progress, within } from './progress.ts';

test('who waits is released once it is so, the others wait on', async () => {
  const progress = new Progress();
  let reached = 0;
  const released: number[] = [];
  const all = [3, 1, 2].map((at) => progress.until(() => reached >= at).then(() => released.push(at)));
  reached = 2;
  progress.check();
  await Promise.all(all.slice(1));
  assert.deepEqual([released, progress.waiting], [[1, 2], 1]);
  reached = 3;
  progress.check();
  await Promise.all(all);
  assert.equal(progress.waiting, 0);
});

test('who waited for long enough leaves nothing behind', async () => {
  const progress = new Progress();
  let steps = 0;
  for (let at = 0; at < 5; at += 1) {
    await within(1, async (signal) => {
      await progress.until(() => false, signal);
      steps += 1;
      await progress.until(() => false, signal);
      steps += 1;
    });
  }
  await Promise.resolve();
  assert.deepEqual([progress.waiting, steps], [0, 10]);
});

test('work that fails is told to whoever waits for it', async () => {
  await assert.rejects(
    within(1000, () => Promise.reject(new Error('no'))),
    /no/,
  );
});
