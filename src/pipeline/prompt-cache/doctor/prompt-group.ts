import { hash } from 'node:crypto';

import type { NanoUsd } from '../../../core/money.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { RecordPolicy } from '../../../records/journal/record.ts';
import { SlidingSums } from '../../../records/objectives/sliding-sums.ts';
import { Findings, sum } from './findings.ts';
import type { SeenPrompt } from './seen-prompt.ts';
import { describeChange } from './shown-change.ts';
import { type CacheRules, type Cause, type Judged, type RecentPrompt, type Verdict, judge } from './verdict.ts';

/** Requests whose prompts one cache serves. */
export interface GroupName {
  readonly project: string | undefined;
  /** As clients ask for it. */
  readonly model: string;
  /** Under which name it counts in the metrics. */
  readonly counted: string;
  readonly target: string;
  readonly endpoint: string;
}

/** What became of the requests that ended with one cause. */
export interface CauseTotals {
  readonly requests: number;
  readonly lostTokens: number;
  /** Undefined where a price is unknown. */
  readonly lostNanoUsd: NanoUsd | undefined;
}

/** A request whose prompt is looked at. */
export interface Inspected extends Judged {
  readonly readyAt: number;
  readonly policy: RecordPolicy;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Dollars of so many tokens that were not read from the cache. */
  readonly lostCost: (tokens: number) => NanoUsd | undefined;
}

const MOST_PROMPTS = 8;
const NONE: CauseTotals = { requests: 0, lostTokens: 0, lostNanoUsd: 0 };

/** What is known of the prompt cache for one group of requests. Times are monotonic milliseconds, but for `since`. */
export class PromptGroup {
  readonly id: string;
  readonly name: GroupName;
  /** Epoch milliseconds: nothing from before is known. */
  readonly since: number;
  readonly findings = new Findings();
  /** Tokens that were read from the cache, and all input tokens. */
  readonly tokens = new SlidingSums(DAY_MS);
  /** Nano-dollars that the cache saved, and those that it could have saved besides. */
  readonly money = new SlidingSums(DAY_MS);
  /** Tokens that could have been read, and the input tokens of the requests of which that is known. */
  readonly judged = new SlidingSums(DAY_MS);
  readonly causes = new Map<Cause, CauseTotals>();
  /** Requests whose prompts were long enough. */
  requests = 0;
  /** Those of them that nobody had time to look at. */
  skipped = 0;
  usedAt: number;
  inspectedAt = Number.NEGATIVE_INFINITY;
  /** The hit rate before it fell; undefined where it did not. */
  fellFrom: number | undefined;
  #recent: RecentPrompt[] = [];

  constructor(name: GroupName, now: { readonly now: number; readonly monotonic: number }) {
    this.name = name;
    this.id = hash('sha256', keyOf(name)).slice(0, 16);
    this.since = now.now;
    this.usedAt = now.monotonic;
  }

  /** What it keeps of prompts, bytes. */
  get size(): number {
    return this.#recent.reduce((bytes, { prompt }) => bytes + prompt.size, 0);
  }

  /** Gives the memory back. What comes next is compared with what comes after it. */
  forgetPrompts(): void {
    this.#recent = [];
  }

  /** Counts a request of which the cause is known without a look at its prompt. */
  count(cause: Cause, nowMs: number, inputTokens: number): void {
    this.#total(cause, { lostTokens: 0, lostNanoUsd: 0 });
    if (cause !== 'short') this.judged.add([0, inputTokens], nowMs);
  }

  /** Compares a prompt with those before it, and remembers it. @returns what was found */
  inspect(
    inspected: Inspected,
    rules: CacheRules,
    nowMs: number,
  ): Verdict & { readonly lostNanoUsd: NanoUsd | undefined } {
    const verdict = judge(inspected, this.#recent, rules);
    const { cause, lostTokens, comparison } = verdict;
    const lostNanoUsd = lostTokens === 0 ? 0 : inspected.lostCost(lostTokens);
    this.#total(cause, { lostTokens, lostNanoUsd });
    this.judged.add([lostTokens, inspected.usage.inputTokens ?? 0], nowMs);
    this.money.add([0, lostNanoUsd ?? 0], nowMs);
    const divergence = comparison?.divergence;
    if (divergence) {
      const described = describeChange(divergence, inspected.policy);
      this.findings.add(divergence, described, { lostTokens, lostNanoUsd, at: inspected.at });
    }
    this.inspectedAt = nowMs;
    this.#remember(inspected);
    return { ...verdict, lostNanoUsd };
  }

  #total(cause: Cause, { lostTokens, lostNanoUsd }: Omit<CauseTotals, 'requests'>): void {
    const total = this.causes.get(cause) ?? NONE;
    this.causes.set(cause, {
      requests: total.requests + 1,
      lostTokens: total.lostTokens + lostTokens,
      lostNanoUsd: sum(total.lostNanoUsd, lostNanoUsd),
    });
  }

  /** A conversation that goes on takes the place of its beginning. */
  #remember({ prompt, sentAt, readyAt }: Inspected): void {
    const longer = this.#recent.find((one) => beginsWith(one.prompt, prompt));
    const known = longer ?? this.#recent.find((one) => beginsWith(prompt, one.prompt));
    const others = this.#recent.filter((one) => one !== known).slice(1 - MOST_PROMPTS);
    const usedAt = Math.max(sentAt, known?.usedAt ?? sentAt);
    this.#recent = [...others, longer ? { ...longer, usedAt } : { prompt, readyAt, usedAt }];
  }
}

/** One for each group. */
export function keyOf({ project, model, target, endpoint }: GroupName): string {
  return `${project ?? ''}\n${model}\n${target}\n${endpoint}`;
}

function beginsWith(longer: SeenPrompt, beginning: SeenPrompt): boolean {
  return beginning.segments.every(({ digest }, at) => longer.segments[at]?.digest === digest);
}
