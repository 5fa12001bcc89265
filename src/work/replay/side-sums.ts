import type { Outcome } from './outcome.ts';
import { TimeHistogram } from './time-histogram.ts';

/** Names come from records of any configuration. */
const MOST_NAMES = 1000;
const OTHERS = 'others';

/** Counts by name, bounded. */
export class Counts {
  readonly #counts = new Map<string, number>();
  #total = 0;

  add(name: string): void {
    const key = this.#counts.has(name) || this.#counts.size < MOST_NAMES ? name : OTHERS;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#total += 1;
  }

  get total(): number {
    return this.#total;
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** The most first, among equals by name. */
  entries(): [name: string, count: number][] {
    return [...this.#counts].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  }
}

/** What became of requests, summed: as it was, or as it would be. */
export class SideSums {
  requests = 0;
  answered = 0;
  failed = 0;
  /** By code. */
  readonly refused = new Counts();
  /** By what the cache did. */
  readonly cached = new Counts();
  /** Of requests that were sent there and answered. */
  readonly targets = new Counts();
  /** Targets of which nothing is recorded. */
  readonly unknown = new Counts();
  /** What is known of it. */
  costNanoUsd = 0;
  costUnknown = 0;
  readonly latency = new TimeHistogram();
  readonly ttft = new TimeHistogram();

  add(outcome: Outcome): void {
    this.requests += 1;
    switch (outcome.kind) {
      case 'refused':
        this.refused.add(outcome.code);
        return;
      case 'unknown':
        this.unknown.add(outcome.target);
        // It would go there, whatever that costs.
        this.targets.add(outcome.target);
        this.costUnknown += 1;
        return;
      case 'cached':
        this.cached.add(outcome.state);
        this.#took(outcome);
        return;
      default:
        if (outcome.hasFailed) this.failed += 1;
        else this.#took(outcome);
        if (outcome.target !== undefined) this.targets.add(outcome.target);
        this.costNanoUsd += outcome.costNanoUsd;
        if (!outcome.costKnown) this.costUnknown += 1;
    }
  }

  #took({ latencyMs, ttftMs }: Extract<Outcome, { latencyMs: number }>): void {
    this.answered += 1;
    this.latency.add(latencyMs);
    if (ttftMs !== undefined) this.ttft.add(ttftMs);
  }
}
