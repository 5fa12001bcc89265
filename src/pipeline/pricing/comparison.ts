import type { NanoUsd } from '../../core/money.ts';
import { pricedCost } from '../../models/pricing/cost.ts';
import type { AttemptRecord } from '../../records/journal/record.ts';
import { type Families, type PriceLookup, namedTarget } from './target-prices.ts';

/** What a comparison can be grouped by. A day is one of UTC; a target is that of each attempt. */
export const COMPARISON_GROUPS = ['target', 'model', 'user', 'endpoint', 'project', 'key', 'day'] as const;
export type ComparisonGroup = (typeof COMPARISON_GROUPS)[number];

/** A recorded request, as far as its price depends on it. */
export interface BookedTrace {
  readonly startedAt: Date;
  readonly model: string | null;
  readonly userId: string | null;
  readonly endpoint: string;
  readonly project: string | null;
  readonly keyId: string | null;
  readonly target: string | null;
  readonly costNanoUsd: NanoUsd;
  readonly costKnown: boolean;
  /** Null where there were none, or their details could not be stored. */
  readonly attempts: readonly AttemptRecord[] | null;
}

/** Whole nano-dollars. */
export interface ComparedSums {
  requests: number;
  attempts: number;
  /** Of all attempts whose cost was known when they were made. */
  booked: NanoUsd;
  /** Of all attempts that can be priced again. */
  repriced: NanoUsd;
  /** Repriced less booked, of the attempts that have both. */
  difference: NanoUsd;
  /** Attempts without a cost when they were made, and what those that can be priced now would have cost. */
  unbookedAttempts: number;
  newlyPriced: NanoUsd;
  /** Attempts that cannot be priced again, and what was booked for them. */
  unpricedAttempts: number;
  unpricedBooked: NanoUsd;
}

export interface ComparedGroup {
  /** The values that were grouped by, in the order asked for. */
  readonly group: readonly (string | null)[];
  readonly sums: Readonly<ComparedSums>;
}

const NONE: ComparedSums = {
  requests: 0,
  attempts: 0,
  booked: 0,
  repriced: 0,
  difference: 0,
  unbookedAttempts: 0,
  newlyPriced: 0,
  unpricedAttempts: 0,
  unpricedBooked: 0,
};

/** Prices recorded usage again and sums it beside what was booked. Nothing that is recorded changes. */
export class Comparison {
  readonly #by: readonly ComparisonGroup[];
  readonly #priceOf: PriceLookup;
  readonly #families: Families;
  readonly #groups = new Map<string, { readonly group: readonly (string | null)[]; readonly sums: ComparedSums }>();

  constructor(by: readonly ComparisonGroup[], priceOf: PriceLookup, families: Families) {
    this.#by = by;
    this.#priceOf = priceOf;
    this.#families = families;
  }

  get size(): number {
    return this.#groups.size;
  }

  add(trace: BookedTrace): void {
    const counted = new Set<ComparedSums>();
    const sumsAt = (target: string | null): ComparedSums => {
      const sums = this.#sumsOf(trace, target);
      if (!counted.has(sums)) sums.requests += 1;
      counted.add(sums);
      sums.attempts += 1;
      return sums;
    };
    for (const attempt of trace.attempts ?? []) {
      book(sumsAt(attempt.target), attempt.costNanoUsd, this.#reprice(trace, attempt));
    }
    // Its attempts could not be stored: what was booked is known, what it used is not.
    if (!trace.attempts && trace.target !== null) {
      book(sumsAt(trace.target), trace.costKnown ? trace.costNanoUsd : undefined, undefined);
    }
  }

  /** In the order of what they are grouped by. */
  groups(): ComparedGroup[] {
    return [...this.#groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  }

  #reprice(trace: BookedTrace, attempt: AttemptRecord): NanoUsd | undefined {
    // What was never billed costs nothing at any price.
    if (!attempt.usage) return attempt.costNanoUsd === 0 ? 0 : undefined;
    const target = namedTarget(attempt.target, attempt.priceVersion, this.#families);
    return pricedCost(attempt.usage, this.#priceOf(target), {
      durationMs: attempt.latencyMs,
      sentAt: trace.startedAt.getTime(),
      priceOf: (model) => this.#priceOf({ ...target, model }),
    });
  }

  #sumsOf(trace: BookedTrace, target: string | null): ComparedSums {
    const group = this.#by.map((name) => valueOf(name, trace, target));
    const key = JSON.stringify(group);
    const known = this.#groups.get(key);
    if (known) return known.sums;
    const sums = { ...NONE };
    this.#groups.set(key, { group, sums });
    return sums;
  }
}

function book(sums: ComparedSums, booked: NanoUsd | undefined, repriced: NanoUsd | undefined): void {
  if (booked === undefined) sums.unbookedAttempts += 1;
  else sums.booked += booked;
  if (repriced === undefined) {
    sums.unpricedAttempts += 1;
    sums.unpricedBooked += booked ?? 0;
    return;
  }
  sums.repriced += repriced;
  if (booked === undefined) sums.newlyPriced += repriced;
  else sums.difference += repriced - booked;
}

function valueOf(name: ComparisonGroup, trace: BookedTrace, target: string | null): string | null {
  switch (name) {
    case 'target':
      return target;
    case 'day':
      return trace.startedAt.toISOString().slice(0, 10);
    case 'user':
      return trace.userId;
    case 'key':
      return trace.keyId;
    default:
      return trace[name];
  }
}
