import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { Pacer } from './pacer.ts';

const MINUTE_MS = 60_000;

const ONE = { inputTokens: 0, outputTokens: 0 };

interface Answer {
  readonly isRefused: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Somebody who allows so many requests a minute. */
interface LimitingProvider {
  answer(now: number): Answer;
}

/** The allowance comes back evenly, and the reset is when all of it is there. */
class EvenProvider implements LimitingProvider {
  readonly #limit: number;
  #level: number;
  #at = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#level = limit;
  }

  answer(now: number): Answer {
    this.#level = Math.min(this.#limit, this.#level + ((now - this.#at) * this.#limit) / MINUTE_MS);
    this.#at = now;
    const isRefused = this.#level < 1;
    if (!isRefused) this.#level -= 1;
    const resetMs = Math.ceil(((this.#limit - this.#level) * MINUTE_MS) / this.#limit);
    return { isRefused, headers: headers(this.#limit, Math.floor(this.#level), `${resetMs}ms`) };
  }
}

/** The allowance comes back at the end of each minute. */
class FixedProvider implements LimitingProvider {
  readonly #limit: number;
  readonly #startsAt: number;
  readonly #writeReset: (ms: number) => string;
  #window = -1;
  #used = 0;

  constructor(limit: number, startsAt: number, writeReset: (ms: number) => string) {
    this.#limit = limit;
    this.#startsAt = startsAt;
    this.#writeReset = writeReset;
  }

  answer(now: number): Answer {
    const window = Math.floor((now + this.#startsAt) / MINUTE_MS);
    if (window !== this.#window) this.#used = 0;
    this.#window = window;
    const isRefused = this.#used >= this.#limit;
    if (!isRefused) this.#used += 1;
    const resetMs = (window + 1) * MINUTE_MS - now - this.#startsAt;
    return { isRefused, headers: headers(this.#limit, this.#limit - this.#used, this.#writeReset(resetMs)) };
  }
}

function headers(limit: number, remaining: number, reset: string): Record<string, string> {
  return {
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-reset-requests': reset,
  };
}

interface Outcome {
  sent: number;
  refused: number;
  longestWaitMs: number;
}

/** Sends as much as the pacer allows, from `everyMs` on one after the other; answers come 200 ms later. */
function sendTo(provider: LimitingProvider, everyMs: number, forMs: number): Outcome {
  const clock = new FakeClock();
  const pacer = new Pacer({ limits: { burst: 0.1, learn: true }, clock });
  const outcome: Outcome = { sent: 0, refused: 0, longestWaitMs: 0 };
  while (clock.monotonic() < forMs) {
    clock.advance(everyMs);
    const delayMs = pacer.delayMs(ONE);
    outcome.longestWaitMs = Math.max(outcome.longestWaitMs, delayMs);
    clock.advance(delayMs);
    pacer.take(ONE);
    const sent = pacer.sent();
    outcome.sent += 1;
    const { isRefused, headers: told } = provider.answer(clock.monotonic());
    if (isRefused) outcome.refused += 1;
    clock.after(200, () => pacer.learn(told, sent));
  }
  return outcome;
}

test('a limit that comes back evenly is used evenly, and nobody waits for its reset', () => {
  const outcome = sendTo(new EvenProvider(600), 10, 10 * MINUTE_MS);
  assert.equal(outcome.refused, 0);
  assert.ok(outcome.sent > 0.97 * (600 + 6000), `${outcome.sent}`);
  assert.ok(outcome.longestWaitMs < 1000, `${outcome.longestWaitMs} ms`);
});

for (const [name, writeReset] of [
  ['to the millisecond', (ms: number) => `${Math.ceil(ms)}ms`],
  ['in seconds', (ms: number) => String(Math.floor(ms / 1000))],
] as const) {
  test(`a limit that comes back with its reset, ${name}, is waited for`, () => {
    for (const startsAt of [0, 20_000, 59_000]) {
      const outcome = sendTo(new FixedProvider(600, startsAt, writeReset), 10, 10 * MINUTE_MS);
      assert.ok(outcome.refused <= 10, `${outcome.refused} refused of ${outcome.sent}`);
      assert.ok(outcome.sent > 0.9 * 6000, `${outcome.sent} sent`);
    }
  });
}

test('who stays under the limit never waits', () => {
  for (const provider of [new EvenProvider(600), new FixedProvider(600, 7000, (ms) => `${ms}ms`)]) {
    const outcome = sendTo(provider, 125, 10 * MINUTE_MS);
    assert.deepEqual([outcome.refused, outcome.longestWaitMs], [0, 0]);
  }
});

test('an answer that comes late does not bring back what was taken since', () => {
  const clock = new FakeClock();
  const pacer = new Pacer({ limits: { burst: 0.1, learn: true }, clock });
  pacer.take(ONE);
  const early = pacer.sent();
  pacer.take(ONE);
  pacer.learn(headers(10, 1, '30s'), pacer.sent());
  pacer.take(ONE);
  pacer.learn(headers(10, 2, '30s'), early);
  assert.equal(pacer.delayMs(ONE), 30_001);
  clock.advance(30_001);
  pacer.learn(headers(10, 0, '30s'), early);
  assert.equal(pacer.delayMs(ONE), 0, 'its window is over');
});

test('a limit without a reset comes back over the window in its name', () => {
  const clock = new FakeClock();
  const pacer = new Pacer({ limits: { burst: 0.1, learn: true }, clock });
  pacer.learn({ 'x-ratelimit-limit-req-minute': '60', 'x-ratelimit-remaining-req-minute': '0' }, pacer.sent());
  assert.equal(pacer.delayMs(ONE), 1000);
});
