import type { RuleOf } from './settings.ts';

/** Whose costs, and since when. */
export interface CostQuestion {
  readonly sinceMs: number;
  readonly model: string | undefined;
  readonly project: string | undefined;
}

export interface CostWatchDeps {
  /** Dollars that all replicas spent. Rejects where the database does not answer. */
  readonly costSince: (question: CostQuestion) => Promise<number>;
  /** Wall clock. */
  readonly now: () => number;
  readonly log: { warn(facts: object, message: string): void };
}

/** The sums are the database's work. */
const EVERY_MS = 60_000;

type CostRule = RuleOf<'cost'>;

/** What was spent lately, asked for beside the judging of rules and not more often than once a minute. */
export class CostWatch {
  readonly #deps: CostWatchDeps;
  readonly #known = new Map<string, number | undefined>();
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(deps: CostWatchDeps) {
    this.#deps = deps;
  }

  /** As far as it is known; undefined while the database does not answer. */
  costOf(rule: CostRule): number | undefined {
    return this.#known.get(keyOf(rule));
  }

  /** Asks anew where it is time to. */
  refresh(rules: readonly CostRule[]): void {
    const now = this.#deps.now();
    if (rules.length === 0 || this.#asking || now - this.#askedAt < EVERY_MS) return;
    this.#askedAt = now;
    this.#asking = this.#askAll(rules, now).finally(() => (this.#asking = undefined));
  }

  /** Resolves when nothing is asked. */
  async idle(): Promise<void> {
    await this.#asking;
  }

  async #askAll(rules: readonly CostRule[], now: number): Promise<void> {
    const wanted = new Map(rules.map((rule) => [keyOf(rule), rule]));
    for (const key of this.#known.keys()) if (!wanted.has(key)) this.#known.delete(key);
    for (const [key, { window, model, project }] of wanted) {
      try {
        this.#known.set(key, await this.#deps.costSince({ sinceMs: now - window, model, project }));
      } catch (err) {
        this.#known.set(key, undefined);
        this.#deps.log.warn({ err }, 'what was spent is not known now; alerts about costs wait');
      }
    }
  }
}

function keyOf({ window, model, project }: CostRule): string {
  return JSON.stringify([window, model, project]);
}
