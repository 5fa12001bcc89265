import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Pace } from './pace.ts';

describe('long work', () => {
  it('lets others have a turn about every 8 ms, and is not held up where it is short', async () => {
    let ms = 0;
    const pace = new Pace({ monotonic: () => ms });
    let turns = 0;
    const others = (): void => {
      turns += 1;
    };
    for (let step = 0; step < 6400; step += 1) {
      if (step % 64 === 0) ms += 1;
      if (!pace.isDue) continue;
      setImmediate(others);
      await pace.rest();
    }
    assert.equal(ms, 100);
    assert.equal(turns, 12);
    const short = new Pace({ monotonic: () => 0 });
    assert.ok(!Array.from({ length: 6400 }, () => short.isDue).includes(true));
  });

  it('does not count while it waits for others', () => {
    let ms = 0;
    const pace = new Pace({ monotonic: () => ms });
    ms += 100;
    assert.ok(pace.isLate);
    pace.rested();
    assert.ok(!pace.isLate);
    ms += 8;
    assert.ok(pace.isLate);
  });
});
