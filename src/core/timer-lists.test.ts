import assert from 'node:assert/strict';
import { type TestContext, describe, it } from 'node:test';

import { TimerLists } from './timer-lists.ts';

interface Bench {
  readonly rung: string[];
  readonly pass: (ms: number) => void;
  /** Sets one that says its name. Returns the way to take it back. */
  readonly after: (ms: number, name: string) => () => void;
}

function bench({ mock }: TestContext): Bench {
  mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  const lists = new TimerLists(() => now);
  const rung: string[] = [];
  return {
    rung,
    pass(ms) {
      // Small steps, so that each timer finds the time that it was set for.
      for (let left = ms; left > 0; left -= 50) {
        now += 50;
        mock.timers.tick(50);
      }
    },
    after: (ms, name) => lists.after(ms, () => rung.push(`${name} at ${now}`)),
  };
}

describe('TimerLists', () => {
  it('rings once each, when it is time, whatever the duration', (t) => {
    const { rung, pass, after } = bench(t);
    after(100, 'short');
    after(5000, 'first');
    pass(2000);
    after(5000, 'second');
    after(1000, 'third');
    pass(20_000);
    assert.deepEqual(rung, ['short at 100', 'third at 3000', 'first at 5000', 'second at 7000']);
  });

  it('rings not where it was taken back, wherever it stood', (t) => {
    const { rung, pass, after } = bench(t);
    const stops = ['a', 'b', 'c', 'd', 'e'].map((name) => after(5000, name));
    pass(1000);
    const late = after(5000, 'f');
    for (const at of [2, 0, 4, 4, 0]) stops[at]?.();
    pass(4000);
    assert.deepEqual(rung, ['b at 5000', 'd at 5000']);
    late();
    pass(20_000);
    for (const stop of stops) stop();
    after(5000, 'g');
    pass(5000);
    assert.deepEqual(rung.slice(2), ['g at 30000']);
  });

  it('rings for the others where one throws, and for those that it set itself', (t) => {
    const { mock } = t;
    mock.timers.enable({ apis: ['setTimeout'] });
    let now = 0;
    const lists = new TimerLists(() => now);
    const rung: string[] = [];
    lists.after(2000, () => {
      lists.after(2000, () => rung.push('again'));
      throw new Error('no');
    });
    lists.after(2000, () => rung.push('next'));
    now = 2000;
    assert.throws(() => mock.timers.tick(2000), /no/);
    mock.timers.tick(1);
    assert.deepEqual(rung, ['next']);
    now = 4000;
    mock.timers.tick(2000);
    assert.deepEqual(rung, ['next', 'again']);
  });

  it('takes any number of durations, and those that no timer takes', (t) => {
    const { rung, pass, after } = bench(t);
    for (let ms = 1000; ms < 1200; ms += 1) after(ms, '-');
    after(Number.POSITIVE_INFINITY, 'never');
    pass(2000);
    assert.equal(rung.length, 200);
  });
});
