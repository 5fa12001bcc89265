import type { Call, Target } from '../../../core/call.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { CascadePolicy } from '../../../core/routing.ts';
import type { AskDeps } from '../../../models/own-calls/ask-text.ts';
import { ratedBy } from './checks/rated.ts';
import { isValid } from './checks/validator.ts';
import { formConfidence, saidIn } from './said.ts';

/** An answer that is checked. */
export interface Checked {
  /** Undefined where nobody can read it. */
  readonly events: readonly StreamEvent[] | undefined;
  /** Who gave it. */
  readonly by: Target;
  /** What the probabilities of its tokens say, where they are asked for. */
  readonly logprobs: number | undefined;
  /** Milliseconds until a check is given up. */
  readonly allowedMs: number;
}

/**
 * How sure an answer is, 0 to 1; undefined where that cannot be found out. What can be told without asking anybody is
 * told at once.
 */
export async function confidenceOf(
  deps: AskDeps,
  call: Call,
  policy: CascadePolicy,
  { events, by, logprobs, allowedMs }: Checked,
): Promise<number | undefined> {
  if (!events) return undefined;
  const said = saidIn(events);
  const formal = formConfidence(said);
  if (formal !== undefined) return formal;
  const { check, judge, validator } = policy;
  switch (check) {
    case 'logprobs':
      return logprobs;
    case 'validator':
      return isValid(said.text, validator) ? 1 : 0;
    default: {
      const rater = check === 'judge' ? judge : by;
      return rater && ratedBy(deps, call, said.text, { kind: check, rater, allowedMs });
    }
  }
}
