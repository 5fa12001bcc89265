import type { Call } from '../../../core/call.ts';
import type { Policies } from '../engine/guard-policy.ts';
import type { TextSlot } from '../slots/slot.ts';
import { type Problem, validateRequest } from '../validation/validate.ts';
import { type AnyLook, VALIDATION } from './decide.ts';
import type { InputDeps, InputOptions } from './deps.ts';
import { GuardLook, type LookedBy } from './guard-look.ts';
import { whyOf } from './scan-request.ts';

/** Holds the request against what each policy asks of it. @returns what is wrong where that refuses it */
export function validateForAll(
  { clock }: InputDeps,
  call: Call,
  policies: Policies,
  slots: readonly TextSlot[],
  { approval }: InputOptions,
  looks: AnyLook[],
): readonly Problem[] {
  const all: Problem[] = [];
  for (const policy of policies) {
    const { validation: settings } = policy;
    if (!settings || settings.action === 'off') continue;
    const guard: LookedBy = { name: VALIDATION, onFailure: policy.settings.onFailure };
    const action = settings.action === 'review' && approval?.covers(VALIDATION, 'input') ? 'flag' : settings.action;
    const look = new GuardLook(guard, policy, 'input', action);
    if (policies.length > 1) look.add({ policy: policy.name });
    looks.push(look);
    const began = clock.monotonic();
    try {
      const problems = validateRequest(settings, call, slots);
      if (problems.length > 0) {
        look.hit(problems.map(({ rule }) => rule));
        look.add({ problems: problems.map((problem) => ({ ...problem })) });
        if (look.outcome === 'blocked') all.push(...problems);
      }
    } catch (thrown) {
      look.fail(whyOf(thrown));
    }
    look.micros = (clock.monotonic() - began) * 1000;
  }
  return all;
}
