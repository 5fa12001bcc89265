import { drawnOf } from '../replay/drawn.ts';
import type { Fact } from './fact.ts';
import type { Policy } from './policies.ts';

/** How requests would be served by a policy. */
export interface Service {
  /** Undefined where too little is known of how long answers take. */
  readonly medianLatencyMs: number | undefined;
  /** The part of the attempts that fail at the targets that would be asked first; undefined where that is not known. */
  readonly errorShare: number | undefined;
}

/** Adds up how requests would be served. */
export class ServiceSums {
  readonly #policy: Policy;
  readonly #latenciesMs: number[] = [];
  readonly #asked = new Map<string, number>();
  #requests = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** @param target where the policy sends it */
  add(fact: Fact, target: string): void {
    this.#requests += 1;
    const isCached = fact.isServed || (this.#policy.hasCache && fact.isRepeat);
    if (!isCached) this.#asked.set(target, (this.#asked.get(target) ?? 0) + 1);
    const latencyMs = isCached ? (fact.isServed ? fact.latencyMs : 0) : this.#latencyOf(fact, target);
    if (latencyMs !== undefined) this.#latenciesMs.push(latencyMs);
  }

  /** @param failing the part of the attempts that fail, by target */
  service(failing: ReadonlyMap<string, number>): Service {
    // How long a classifier takes is not known.
    const isKnown = !this.#policy.isAssumed && this.#latenciesMs.length * 2 >= this.#requests;
    return {
      medianLatencyMs: isKnown ? medianOf(this.#latenciesMs) : undefined,
      errorShare: this.#errorShare(failing),
    };
  }

  #latencyOf(fact: Fact, target: string): number | undefined {
    const { pair, escalated } = this.#policy;
    const first = latencyAt(fact, target);
    if (escalated === undefined || !pair || drawnOf(fact.traceId, 'escalation') >= escalated) return first;
    const better = latencyAt(fact, pair.large);
    return first === undefined || better === undefined ? undefined : first + better;
  }

  #errorShare(failing: ReadonlyMap<string, number>): number | undefined {
    let failed = 0;
    for (const [target, asked] of this.#asked) {
      const part = failing.get(target);
      if (part === undefined) return undefined;
      failed += part * asked;
    }
    return this.#requests === 0 ? undefined : failed / this.#requests;
  }
}

function latencyAt({ target, latencyMs, latenciesMs }: Fact, asked: string): number | undefined {
  return asked === target ? latencyMs : latenciesMs?.get(asked);
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** With fewer attempts the part that fails says little. */
const LEAST_ATTEMPTS = 20;
const MOST_TARGETS = 1000;

/** How often attempts fail, by target. Those whose client went away count neither way. */
export class FailureShares {
  readonly #counts = new Map<string, { attempts: number; failed: number }>();

  add(attempts: readonly { readonly target: string; readonly outcome: string }[]): void {
    for (const { target, outcome } of attempts) {
      if (outcome !== 'completed' && outcome !== 'failed') continue;
      const counts = this.#counts.get(target) ?? { attempts: 0, failed: 0 };
      counts.attempts += 1;
      if (outcome === 'failed') counts.failed += 1;
      if (this.#counts.has(target) || this.#counts.size < MOST_TARGETS) this.#counts.set(target, counts);
    }
  }

  /** Of those targets that were asked often enough. */
  shares(): ReadonlyMap<string, number> {
    const often = [...this.#counts].filter(([, { attempts }]) => attempts >= LEAST_ATTEMPTS);
    return new Map(often.map(([target, { attempts, failed }]) => [target, failed / attempts]));
  }
}
