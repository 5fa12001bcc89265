import assert from 'node:assert/strict';
import { it } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import * as fc from '../../../test/support/fast-check.ts';
import { ReplyWatch } from './reply-watch.ts';

const TIMEOUT = 300;

const turn = (): Promise<void> => new Promise((done) => void setImmediate(done));

it('a watch on replies sees a silence between one and four thirds of the time, and no silence else', async () => {
  const step = fc.record({
    do: fc.constantFrom('send', 'answer', 'wait'),
    ms: fc.integer({ min: 1, max: 120 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const clock = new FakeClock();
      let silences = 0;
      const watch = new ReplyWatch(TIMEOUT, clock, () => (silences += 1));
      /** When those were sent that are not answered, the oldest first. */
      const open: number[] = [];
      let mayBe = false;
      let mustBe = false;
      for (const { do: what, ms } of steps) {
        if (what === 'send') {
          watch.sent();
          open.push(clock.monotonic());
        } else if (what === 'answer' && open.length > 0) {
          watch.answered();
          open.shift();
        } else {
          clock.advance(ms);
          await turn();
        }
        const age = open[0] === undefined ? 0 : clock.monotonic() - open[0];
        mayBe ||= age >= TIMEOUT;
        mustBe ||= age > (TIMEOUT * 4) / 3;
        if (!mayBe) assert.equal(silences, 0);
        if (mustBe) assert.ok(silences > 0);
      }
    }),
    { numRuns: 300 },
  );
});

it('a watch on replies waits for nothing after a reset', async () => {
  const clock = new FakeClock();
  let silences = 0;
  const watch = new ReplyWatch(TIMEOUT, clock, () => (silences += 1));
  watch.sent();
  watch.reset();
  clock.advance(10 * TIMEOUT);
  await turn();
  assert.deepEqual([silences, clock.waiting], [0, 0]);
});
