import { type NanoUsd, nanoToUsd } from '../../core/money.ts';
import { type ReplayPrices } from '../replay/prices.ts';
import { type RecordedRequest, answersOf } from '../replay/recorded-request.ts';
import { usageOf } from '../../core/usage.ts';
import type { SideView } from './views.ts';

/** Where one request goes on one side. */
export interface Way {
  readonly target: string;
  readonly reason: string;
  /** What it is known not to be able to do; where it is asked all the same, nobody can. */
  readonly lacks: string | null;
  readonly costNanoUsd: NanoUsd | undefined;
}

/** Adds up where requests go. */
export class Side {
  readonly #targets = new Map<string, number>();
  #nanoUsd = 0;
  #unknown = 0;
  #unserved = 0;

  add({ target, lacks, costNanoUsd }: Way): void {
    this.#targets.set(target, (this.#targets.get(target) ?? 0) + 1);
    if (costNanoUsd === undefined) this.#unknown += 1;
    else this.#nanoUsd += costNanoUsd;
    if (lacks !== null) this.#unserved += 1;
  }

  view(): SideView {
    const all = [...this.#targets.values()].reduce((sum, requests) => sum + requests, 0);
    const targets = [...this.#targets]
      .map(([target, requests]) => ({ target, requests, share: requests / all }))
      .toSorted((a, b) => b.requests - a.requests || (a.target < b.target ? -1 : 1));
    return { targets, cost_usd: nanoToUsd(this.#nanoUsd), cost_unknown: this.#unknown, unserved: this.#unserved };
  }
}

/** What a request cost, with all that was asked for it. Undefined where some of that is not known. */
export function recordedCost({ costKnown, costNanoUsd }: RecordedRequest): NanoUsd | undefined {
  return costKnown ? costNanoUsd : undefined;
}

/**
 * What a request costs at a target: what it used there, else as many tokens as its recorded answer took, none of them
 * from the provider's prompt cache. Undefined where that or the price is not known.
 */
export function costAt(prices: ReplayPrices, request: RecordedRequest, target: string): NanoUsd | undefined {
  const answers = answersOf(request);
  const own = answers.find((one) => one.target === target);
  const { usage, latencyMs = 0, priceVersion } = own ?? answers.at(-1) ?? {};
  if (!usage) return undefined;
  const { inputTokens, outputTokens } = usage;
  return prices.costOf(target, own ? usage : usageOf({ inputTokens, outputTokens }), {
    sentAt: request.startedAt,
    durationMs: latencyMs,
    ...(own && { priceVersion }),
  });
}
