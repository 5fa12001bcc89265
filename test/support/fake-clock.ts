import type { Clock } from '../../src/core/clock.ts';

/** Time that moves when the test says so. */
export class FakeClock implements Clock {
  #ms = 0;

  now(): number {
    return 1_700_000_000_000 + this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  advance(ms: number): void {
    this.#ms += ms;
  }
}
