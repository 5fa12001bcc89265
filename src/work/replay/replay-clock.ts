import type { Clock } from '../../core/clock.ts';

interface Event {
  readonly at: number;
  readonly happen: () => void;
}

/** The time of the recorded requests. It goes on only when it is told to, and what is due then happens at its own time. */
export class ReplayClock implements Clock {
  #now = 0;
  /** The earliest last, so that it is taken from the end. There are as many as requests under way. */
  readonly #events: Event[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  /** What is due at the same time happens in the order in which it was said. */
  at(ms: number, happen: () => void): void {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.at ?? 0) > ms) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, { at: ms, happen });
  }

  /** Never back: a request that was recorded with an earlier time comes now. */
  moveTo(ms: number): void {
    for (;;) {
      const next = this.#events.at(-1);
      if (!next || next.at > ms) break;
      this.#events.pop();
      this.#now = Math.max(this.#now, next.at);
      next.happen();
    }
    this.#now = Math.max(this.#now, ms);
  }

  /** Everything that is still under way comes to its end. */
  finish(): void {
    this.moveTo(Math.max(this.#now, this.#events[0]?.at ?? 0));
    while (this.#events.length > 0) this.moveTo(this.#events[0]?.at ?? this.#now);
  }
}
