import { GenerationalMap } from '../../../core/generational-map.ts';
import type { Call, Target } from '../../../core/call.ts';
import type { NanoUsd } from '../../../core/money.ts';
import { RecentP95 } from '../../../core/recent-p95.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { assumedUsage } from '../../../models/pricing/assumed-usage.ts';
import { pricedCost } from '../../../models/pricing/cost.ts';
import type { Amounts, AttemptBound } from './attempt-bound.ts';
import { ANSWERED_IN_TEXT, boundOf } from './bound-of.ts';

/** What calls used, tokens and nano-dollars each for itself. */
export interface UsedAmounts {
  readonly tokens: number;
  readonly nanoUsd: NanoUsd;
}

/** Names of models come from clients. */
const MOST_NAMES = 2000;

/** Worked out anew after each fiftieth call of a name, so that a call pays for a fiftieth of a small sort. */
const WINDOW = { samples: 200, enough: 20, every: 50 };

interface Windows {
  readonly tokens: RecentP95;
  readonly nanoUsd: RecentP95;
}

/** What calls usually use, by name, from the last 200 of each; names that are long unused are forgotten. */
export class UsualUse {
  readonly #windows = new GenerationalMap<Windows>(MOST_NAMES);

  /** @param name of {@link usualName} */
  observe(name: string, { tokens, nanoUsd }: UsedAmounts): void {
    let windows = this.#windows.get(name);
    if (!windows) {
      windows = { tokens: new RecentP95(WINDOW), nanoUsd: new RecentP95(WINDOW) };
      this.#windows.set(name, windows);
    }
    windows.tokens.add(tokens);
    windows.nanoUsd.add(nanoUsd);
  }

  /** What 95 of 100 calls stay under; undefined before there are 20. */
  p95(name: string): UsedAmounts | undefined {
    const windows = this.#windows.get(name);
    const tokens = windows?.tokens.p95;
    const nanoUsd = windows?.nanoUsd.p95;
    return tokens === undefined || nanoUsd === undefined ? undefined : { tokens, nanoUsd };
  }
}

/** What calls are like each other in: the path, and the model as the client names it. */
export function usualName(call: Call): string {
  return `${call.endpoint} ${modelOf(call)}`;
}

/** The virtual model, else the one that was asked for. */
export function modelOf({ assignment, facts }: Call): string {
  return assignment?.virtualModel ?? facts.model;
}

/** Tokens of an answer of which nothing is known. */
export const USUAL_ANSWER = 1000;

/**
 * What the call is expected to use at a target: what such calls usually do, else an estimate by its bytes. Never more
 * than it can use at most, where that is known or there is no experience. Undefined where neither a price nor experience tells.
 */
export function expectedOf(
  call: Call,
  target: Target,
  catalog: ModelCatalog,
  usual: UsualUse,
  known?: AttemptBound,
  name = usualName(call),
): Amounts {
  const used = usual.p95(name);
  // Looking into the body costs more than all counters together.
  if (used && !known) return used;
  const bound = known ?? boundOf(call, target, catalog);
  const { tokens, nanoUsd } = used ?? estimate(call, target, catalog, bound);
  return { tokens: least(tokens, bound.tokens), nanoUsd: least(nanoUsd, bound.nanoUsd) };
}

/** Where it is not known what is used it is what can be used at most, where that is known. */
function estimate(call: Call, target: Target, catalog: ModelCatalog, bound: AttemptBound): Amounts {
  if (bound.tokens === 0) return bound;
  const provider = catalog.provider(target.provider);
  const { inputTokens = 0 } = assumedUsage(call.body.raw.length, 0);
  const outputTokens = ANSWERED_IN_TEXT.has(call.operation)
    ? Math.min(bound.maxOutputTokens ?? USUAL_ANSWER, USUAL_ANSWER)
    : 0;
  const cost = pricedCost({ inputTokens, outputTokens }, catalog.priceOf(provider, target.model), {
    sentAt: call.receivedAt,
    durationMs: 0,
  });
  return { tokens: inputTokens + outputTokens, nanoUsd: cost ?? bound.nanoUsd };
}

function least(amount: number | undefined, most: number | undefined): number | undefined {
  return amount === undefined || most === undefined ? (amount ?? most) : Math.min(amount, most);
}
