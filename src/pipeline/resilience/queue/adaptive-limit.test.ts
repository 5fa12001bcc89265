import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';

interface Served {
  readonly endsAt: number;
  readonly startedAt: number;
}

/** A server of so many slots with a queue before them, whose clients always have one more request than is allowed. */
class SaturatedServer {
  readonly limit: AdaptiveLimit;
  slots = 50;
  serviceMs = 100;
  fails = false;
  /** Requests that were answered. */
  done = 0;
  /** Of the limit, at the end of each request. */
  readonly seen: number[] = [];
  readonly #random: () => number;
  #now = 0;
  #inFlight: Served[] = [];
  /** When each slot is free again. */
  #freeAt: number[] = [];

  constructor(limit: AdaptiveLimit, random: () => number) {
    this.limit = limit;
    this.#random = random;
  }

  run(ms: number): void {
    const end = this.#now + ms;
    while (this.#now < end) {
      while (this.#inFlight.length < this.limit.limit) this.#send();
      const first = this.#inFlight.reduce((one, other) => (other.endsAt < one.endsAt ? other : one));
      this.#now = Math.max(this.#now, first.endsAt);
      this.limit.sample(this.#now - first.startedAt, this.#inFlight.length, !this.fails);
      this.#inFlight = this.#inFlight.filter((one) => one !== first);
      this.seen.push(this.limit.limit);
      this.done += 1;
    }
  }

  #send(): void {
    const took = this.serviceMs * (0.7 + 0.6 * this.#random());
    this.#freeAt = this.#freeAt.filter((at) => at > this.#now).toSorted((one, other) => one - other);
    const waiting = this.#freeAt.length - this.slots;
    const begins = waiting < 0 ? this.#now : (this.#freeAt[waiting] ?? this.#now);
    this.#freeAt.push(begins + took);
    this.#inFlight.push({ startedAt: this.#now, endsAt: begins + took });
  }
}

function server(max: number, seed = 1): SaturatedServer {
  return new SaturatedServer(new AdaptiveLimit({ max: () => max }), randomOf(seed));
}

/** Numbers from 0 to 1 that look like chance and are the same each time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** The mean of the last so many. */
function mean(values: readonly number[], last: number): number {
  const tail = values.slice(-last);
  return tail.reduce((sum, value) => sum + value, 0) / tail.length;
}

test('the limit of a server of 50 slots settles near 50, and does not drift', () => {
  for (const seed of [1, 2, 3]) {
    const one = server(1000, seed);
    one.run(10_000);
    assert.ok(mean(one.seen, 1000) > 45 && mean(one.seen, 1000) < 85, `after 10 s: ${mean(one.seen, 1000)}`);
    const early = one.done;
    one.run(120_000);
    assert.ok(mean(one.seen, 5000) > 45 && mean(one.seen, 5000) < 85, `after 130 s: ${mean(one.seen, 5000)}`);
    assert.ok(one.done - early > 0.95 * 120 * 500, `goodput ${one.done - early} of ${120 * 500}`);
  }
});

test('it recovers from a time in which the server is ten times as slow', () => {
  const one = server(1000);
  one.run(20_000);
  one.serviceMs = 1000;
  one.run(30_000);
  one.serviceMs = 100;
  one.run(10_000);
  const before = one.done;
  one.run(10_000);
  assert.ok(one.done - before > 0.9 * 10 * 500, `goodput ${one.done - before} of 5000`);
  assert.ok(mean(one.seen, 1000) < 100, `${mean(one.seen, 1000)}`);
});

test('it backs off to one at a time while everything fails, and is back within seconds', () => {
  const one = server(1000);
  one.run(20_000);
  one.fails = true;
  one.run(5000);
  assert.equal(one.limit.limit, 1);
  one.fails = false;
  one.run(5000);
  assert.ok(one.limit.limit > 40, `${one.limit.limit}`);
});

test('a target that is not used to its limit keeps it', () => {
  const limit = new AdaptiveLimit({ max: () => 100 });
  const before = limit.limit;
  for (let at = 0; at < 1000; at += 1) limit.sample(at % 100 === 0 ? 5000 : 100, 1, true);
  assert.equal(limit.limit, before);
});

test('the limit stays between one and its maximum, whatever is measured', () => {
  const sample = fc.record({
    latencyMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
    inFlight: fc.nat(500),
    ok: fc.boolean(),
    max: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 400 }), (samples) => {
      let max = 100;
      const limit = new AdaptiveLimit({ max: () => max });
      for (const one of samples) {
        ({ max } = one);
        limit.sample(one.latencyMs, one.inFlight, one.ok);
        assert.ok(Number.isInteger(limit.limit) && limit.limit >= 1 && limit.limit <= max);
      }
    }),
  );
});
