import type { Usage } from '../../../core/usage.ts';
import { type Comparison, comparePrompts } from './compare.ts';
import type { SeenPrompt } from './seen-prompt.ts';

/**
 * Why a prompt was not read from the cache as far as it could have been.
 * `changed`: something changed before what stayed the same. `unmarked`: its provider wants marks, and none stood there.
 * `expired`: the last such prompt was too long ago. `concurrent`: it was not answered yet. `missed`: the provider had
 * seen it and did not find it. `first`: no prompt that is remembered begins like it.
 */
export const CAUSES = ['hit', 'changed', 'unmarked', 'expired', 'concurrent', 'missed', 'first', 'short'] as const;
export type Cause = (typeof CAUSES)[number];

/** A prompt that is remembered. Times are monotonic milliseconds. */
export interface RecentPrompt {
  readonly prompt: SeenPrompt;
  /** Since when its provider may have cached it. */
  readonly readyAt: number;
  /** When it, or one that begins with it, was sent last. */
  readonly usedAt: number;
}

export interface Judged {
  readonly prompt: SeenPrompt;
  readonly usage: Usage;
  /** When it was sent, monotonic milliseconds. */
  readonly sentAt: number;
}

export interface Verdict {
  readonly cause: Cause;
  /** Tokens that could have been read from the cache and were not. */
  readonly lostTokens: number;
  /** Where they part, if that is the cause. */
  readonly comparison: Comparison | undefined;
}

export interface CacheRules {
  /** Shorter prompts are not cached. */
  readonly leastTokens: number;
  /** For how long a prompt is kept that is not asked for again, milliseconds. */
  readonly lifetimeMs: number;
}

/** Less is not worth a word: providers count in steps, and tokens are estimated here from bytes. */
const LEAST_LOST_TOKENS = 256;
const TOLERANCE = 0.1;

const NOTHING_LOST = { lostTokens: 0, comparison: undefined };

/** Says why, by the prompts before it that it shares most with. */
export function judge(judged: Judged, recent: readonly RecentPrompt[], rules: CacheRules): Verdict {
  const { usage, prompt } = judged;
  const inputTokens = usage.inputTokens ?? 0;
  if (inputTokens < rules.leastTokens) return { cause: 'short', ...NOTHING_LOST };
  const tokensOf = (weight: number): number => Math.floor((weight / Math.max(1, prompt.weight)) * inputTokens);
  const candidates = recent.map((one) => ({ one, comparison: comparePrompts(one.prompt, prompt) }));
  const best = (fits: (one: RecentPrompt) => boolean): Comparison | undefined =>
    candidates
      .filter(({ one }) => fits(one))
      .map(({ comparison }) => comparison)
      .filter((comparison) => tokensOf(shared(comparison)) >= rules.leastTokens)
      // Of those that share as much, the latest.
      .reduce<Comparison | undefined>(
        (most, other) => (most && shared(most) > shared(other) ? most : other),
        undefined,
      );
  const isReady = ({ readyAt }: RecentPrompt): boolean => readyAt <= judged.sentAt;
  const isFresh = ({ usedAt }: RecentPrompt): boolean => judged.sentAt - usedAt <= rules.lifetimeMs;
  const found = best((one) => isReady(one) && isFresh(one));
  const other = found ?? best(isReady) ?? best(() => true);
  if (!other) return { cause: (usage.cacheReadInputTokens ?? 0) > 0 ? 'hit' : 'first', ...NOTHING_LOST };
  const lostTokens = lostOf(usage, tokensOf(shared(other)));
  if (lostTokens === 0) return { cause: 'hit', ...NOTHING_LOST };
  if (!found) return { cause: best(isReady) ? 'expired' : 'concurrent', lostTokens, comparison: undefined };
  if (isChange(found, usage, tokensOf)) return { cause: 'changed', lostTokens, comparison: found };
  return {
    cause: isUnmarked(usage, tokensOf(shared(found))) ? 'unmarked' : 'missed',
    lostTokens,
    comparison: undefined,
  };
}

function shared({ before, after }: Comparison): number {
  return before + after;
}

/** No more than was not read. */
function lostOf({ inputTokens = 0, cacheReadInputTokens = 0 }: Usage, shareable: number): number {
  const potential = Math.min(shareable, inputTokens);
  const lost = potential - cacheReadInputTokens;
  return lost < Math.max(LEAST_LOST_TOKENS, potential * TOLERANCE) ? 0 : lost;
}

/**
 * A question that differs is no change. It is one where much of what follows is the same; and where a provider caches
 * whole blocks, in any block that every prompt has.
 */
function isChange({ divergence, after }: Comparison, usage: Usage, tokensOf: (weight: number) => number): boolean {
  if (!divergence) return false;
  if (tokensOf(after) >= LEAST_LOST_TOKENS) return true;
  return countsWritten(usage) && divergence.later.part !== 'messages';
}

/** Providers that tell what was written cache what is marked. */
function countsWritten({ cacheCreationInputTokens }: Usage): boolean {
  return cacheCreationInputTokens !== undefined;
}

function isUnmarked(usage: Usage, potential: number): boolean {
  const cached = (usage.cacheReadInputTokens ?? 0) + (usage.cacheCreationInputTokens ?? 0);
  return countsWritten(usage) && lostOf({ ...usage, cacheReadInputTokens: cached }, potential) > 0;
}
