import assert from 'node:assert/strict';
import { test } from 'node:test';

import { JudgeFailed } from '../engine/judge.ts';
import { Lanes } from './lanes.ts';

test('a judge is asked 64 texts at a time, projects take turns, and no line is endless', async () => {
  const lanes = new Lanes('lab/gpt');
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (project: string) =>
    lanes.run(project, () => {
      started.push(project);
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.push(resolve);
      return promise;
    });
  const first = Array.from({ length: 64 }, () => ask('a'));
  const waiting = [...Array.from({ length: 256 }, () => ask('a')), ask('b'), ask('b')];
  await assert.rejects(ask('a'), JudgeFailed);
  assert.equal(started.length, 64);
  for (const end of ends.splice(0, 4)) end();
  await Promise.all(first.slice(0, 4));
  assert.deepEqual(started.slice(64), ['a', 'b', 'a', 'b']);
  while (ends.length > 0) {
    ends.pop()?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await Promise.all([...first, ...waiting]);
  assert.equal(started.length, 64 + 258);
  void ask('c');
  assert.equal(started.length, 64 + 259, 'all lanes are free again');
});
