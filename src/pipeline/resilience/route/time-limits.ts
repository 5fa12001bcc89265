import type { Call, Operation } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';

/** An answer in one piece that is not there by then is given up, where nobody said otherwise. */
const USUAL_TOTAL_MS = 30_000;

/** What answers with words or numbers. A picture, a transcript or a file takes as long as it takes. */
const TIMED: ReadonlySet<Operation> = new Set(['chat', 'completion', 'embeddings', 'rerank', 'moderation']);

/** One bound of an attempt's time. */
export interface TimeLimit {
  readonly ms: number;
  readonly setting: 'firstToken' | 'total';
}

/**
 * How long one attempt may take, beside what its transport watches (the connection, and silence between two reads).
 * An answer in one piece begins when it is whole, so that the shorter one counts.
 */
export function timeLimitsOf({ operation, facts, assignment }: Call, firstContentMs: number): readonly TimeLimit[] {
  if (!TIMED.has(operation)) return [];
  const total = assignment?.timeouts?.total;
  const first: TimeLimit = { ms: firstContentMs, setting: 'firstToken' };
  if (facts.stream) return total === undefined ? [first] : [first, { ms: total, setting: 'total' }];
  const whole: TimeLimit = { ms: total ?? USUAL_TOTAL_MS, setting: 'total' };
  return whole.ms <= first.ms ? [whole] : [first];
}

/** What the client is told of an attempt that took too long. */
export function tooSlow({ ms, setting }: TimeLimit): GatewayError {
  const what = setting === 'total' ? 'finish its answer' : 'begin its answer';
  return new GatewayError('provider_timeout', {
    message:
      `The provider did not ${what} within ${ms / 1000} s. ` +
      `Ask for a stream or a shorter answer, or let the operator raise timeouts.${setting} of this model.`,
  });
}
