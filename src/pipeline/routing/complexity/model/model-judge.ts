import { hash } from 'node:crypto';

import type { Clock } from '../../../../core/clock.ts';
import { GenerationalMap } from '../../../../core/generational-map.ts';
import type { Tier } from '../../../../core/routing.ts';
import type { Scheduler } from '../../../../core/scheduler.ts';
import { type Complexity, type ComplexityJudge, type TierThresholds, USUAL_THRESHOLDS } from '../complexity.ts';
import { inTime } from '../in-time.ts';
import type { ComplexityQuestion } from '../question.ts';
import { RulesJudge } from '../rules/rules-judge.ts';
import { BreakEven, type RequestCosts } from './break-even.ts';
import { INSTRUCTION, shownOf, verdictIn } from './prompt.ts';

/** Verdicts that are kept, of a few hundred bytes each. */
const MOST_VERDICTS = 20_000;
/** Questions that are asked about at the same time; others are judged by the rules. */
const MOST_ASKED_AT_ONCE = 200;
const USUAL_TIMEOUT_MS = 2000;

export interface ModelAnswer {
  readonly text: string;
  readonly costNanoUsd: number | undefined;
}

/** Asks the model once. Undefined where it gave no answer. */
export type AskModel = (system: string, user: string) => Promise<ModelAnswer | undefined>;

export interface ModelJudgeOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Until a question is given up, milliseconds. */
  readonly timeoutMs?: number;
  readonly thresholds?: Partial<TierThresholds>;
  /** Which tiers go to the small model; `simple` and `medium` where absent. */
  readonly small?: ReadonlySet<Tier>;
}

/** What is asked for one call. */
export interface ModelQuestion {
  /** `provider/model`: verdicts of one are not another's. */
  readonly model: string;
  readonly ask: AskModel;
  /** What the request would cost; undefined where prices are unknown, and nothing is asked then. */
  readonly costs: RequestCosts | undefined;
}

const SMALL: ReadonlySet<Tier> = new Set(['simple', 'medium']);

/** Has a small model say how demanding a request is, where that pays. For one virtual model. */
export class ModelJudge {
  readonly breakEven = new BreakEven();
  readonly #options: ModelJudgeOptions;
  readonly #rules: RulesJudge;
  readonly #verdicts = new GenerationalMap<Tier>(MOST_VERDICTS);
  readonly #asking = new Map<string, Promise<Complexity | undefined>>();

  constructor(options: ModelJudgeOptions) {
    this.#options = options;
    this.#rules = new RulesJudge({ thresholds: options.thresholds ?? {} });
  }

  /** The judge of one call: its model is asked at the call's expense. */
  of(asked: ModelQuestion): ComplexityJudge {
    return { judge: (question) => this.#judge(question, asked) };
  }

  /** Undefined where asking does not pay, and where the model is too slow or gives no clear word. */
  #judge(question: ComplexityQuestion, asked: ModelQuestion): Complexity | Promise<Complexity | undefined> {
    const shown = shownOf(question);
    const key = keyOf(asked.model, shown);
    const known = this.#verdicts.get(key);
    if (known !== undefined) return this.#complexityOf(known, `${asked.model} called one like it ${known}`);
    const underWay = this.#asking.get(key);
    if (underWay) return underWay.then(sharedOf);
    const ruled = this.#rules.judge(question).tier;
    if (!asked.costs || this.#asking.size >= MOST_ASKED_AT_ONCE) return NOTHING;
    if (!this.breakEven.pays(ruled, asked.costs)) return NOTHING;
    const asking = this.#ask(asked, shown, key, ruled).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask({ model, ask }: ModelQuestion, shown: string, key: string, ruled: Tier): Promise<Complexity | undefined> {
    const { clock, scheduler, timeoutMs = USUAL_TIMEOUT_MS, small = SMALL } = this.#options;
    const startedAt = clock.monotonic();
    // A late answer is not waited for; who asked has to give it up by itself.
    const answer = await inTime(scheduler, timeoutMs, ask(INSTRUCTION, shown));
    const tier = answer && verdictIn(answer.text);
    // An answer without a word costs as much, and saves nothing.
    if (answer) this.breakEven.learn(ruled, tier !== undefined && small.has(tier), answer.costNanoUsd);
    if (tier === undefined) return undefined;
    this.#verdicts.set(key, tier);
    return {
      ...this.#complexityOf(tier, `${model} calls it ${tier}`),
      latencyMs: clock.monotonic() - startedAt,
      costNanoUsd: answer?.costNanoUsd,
    };
  }

  /** In the middle of the tier, whose bounds may be anything: a word has no score of its own. */
  #complexityOf(tier: Tier, reason: string): Complexity {
    const { medium, complex, reasoning } = { ...USUAL_THRESHOLDS, ...this.#options.thresholds };
    const score = {
      simple: medium / 2,
      medium: (medium + complex) / 2,
      complex: (complex + reasoning) / 2,
      reasoning: (reasoning + 1) / 2,
    }[tier];
    return { tier, score, reason };
  }
}

const NOTHING: Promise<undefined> = Promise.resolve(undefined);

/** It was paid for once, by who asked. */
function sharedOf(complexity: Complexity | undefined): Complexity | undefined {
  return complexity && { ...complexity, costNanoUsd: 0 };
}

/** Case and white space change no verdict. */
function keyOf(model: string, shown: string): string {
  const plain = shown
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/(?:\s|\\[nrt])+/g, ' ');
  return hash('sha256', `${model}\n${plain}`, 'base64url').slice(0, 32);
}
