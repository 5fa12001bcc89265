import type { SemanticPolicy } from '../../../core/caching.ts';
import type { Call, Target } from '../../../core/call.ts';
import { mayGoTo } from '../../../core/reach.ts';
import type { CacheKey } from '../key/cache-key.ts';
import { digest } from '../key/digest.ts';
import { splitRequest } from '../key/split.ts';

/** A longer text is seldom asked twice in other words, and takes long to encode. Code units. */
const LONGEST_QUESTION = 2000;

/** A request for which one that means the same may have been answered. */
export interface Question {
  readonly call: Call;
  readonly policy: SemanticPolicy;
  readonly key: CacheKey;
  readonly asked: string;
  /** Requests that are asked the same way in all but that: nothing crosses it. */
  readonly partition: string;
  /** Who makes its vector; undefined for the encoders of this process. */
  readonly target: Target | undefined;
}

/**
 * Undefined where a request is not answered by similarity: it offers tools, asks for more than a text can say, or may
 * not be told to who makes the vectors.
 */
export function questionOf(call: Call, key: CacheKey, policy: SemanticPolicy): Question | undefined {
  if (call.operation !== 'chat' || call.needs.tools || call.keeps === true) return undefined;
  const split = splitRequest(call);
  if (!split || split.asked.length > LONGEST_QUESTION) return undefined;
  const { asked, context } = split;
  if (policy.embedder !== 'built-in' && !mayGoTo(call, policy.embedder)) return undefined;
  // Without a judge long answers are compared by their vectors.
  const mayJudge = policy.judge === undefined || mayGoTo(call, policy.judge);
  return {
    call,
    policy: mayJudge ? policy : { ...policy, judge: undefined },
    key,
    asked,
    partition: digest(`${key.partition}\n${context}`),
    target: policy.embedder === 'built-in' ? undefined : policy.embedder,
  };
}
