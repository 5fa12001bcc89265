import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makeAnswer } from '../../../../test/support/make-answer.ts';
import { MemoryAnswers } from './memory-answers.ts';
import { PurgeLog } from './purge-log.ts';

const step = fc.record({
  op: fc.constantFrom(
    'set' as const,
    'set' as const,
    'later' as const,
    'get' as const,
    'has' as const,
    'purge' as const,
  ),
  id: fc.nat({ max: 5 }),
  isGood: fc.boolean(),
  size: fc.constantFrom(10, 100_000),
  byKey: fc.boolean(),
});

test('an answer that waits to be looked at is as if it had been looked at when it came', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const clock = new FakeClock();
      const [waiting, atOnce] = [0, 1].map(() => new MemoryAnswers({ maxBytes: 4_000_000, clock }));
      assert.ok(waiting && atOnce);
      for (const [at, { op, id, isGood, size, byKey }] of steps.entries()) {
        const key = id.toString(16).padStart(32, '0');
        const answer = makeAnswer({
          key,
          expiresAt: clock.now() + 1000,
          labels: { project: `${id % 2}` },
          content: { kind: 'bytes', contentType: 'text/plain', body: Buffer.alloc(size, `${at}`) },
        });
        if (op === 'set') {
          waiting.setIfGood(answer, () => isGood);
          if (isGood) atOnce.set(answer);
        } else if (op === 'later') {
          waiting.set(answer);
          atOnce.set(answer);
        } else if (op === 'get') assert.deepEqual(waiting.get(key), atOnce.get(key));
        else if (op === 'has') assert.equal(waiting.has(key), atOnce.has(key));
        else {
          const filter = byKey ? { key } : { project: `${id % 2}` };
          assert.equal(waiting.purge(filter), atOnce.purge(filter));
        }
      }
      assert.deepEqual(waiting.stats, atOnce.stats);
    }),
  );
});

test('one that was purged before it came, or while it waited, is not kept, nor one that cannot be looked at', () => {
  const clock = new FakeClock();
  const purges = new PurgeLog();
  const store = new MemoryAnswers({ maxBytes: 4_000_000, clock, purges });
  const { key, storedAt } = makeAnswer();
  const answer = makeAnswer({ expiresAt: clock.now() + 1000 });
  const purge = { id: 'p', filter: { project: 'default' }, at: storedAt };
  store.setIfGood(answer, () => true);
  purges.replace([purge]);
  assert.equal(store.purge(purge.filter), 1);
  assert.equal(store.get(key), undefined);
  store.setIfGood(answer, () => true);
  assert.equal(store.get(key), undefined);
  purges.replace([]);
  store.setIfGood(answer, () => {
    throw new Error('broken');
  });
  assert.equal(store.get(key), undefined);
});
