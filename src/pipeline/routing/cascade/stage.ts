import { type Assignment, type Call, targetName } from '../../../core/call.ts';
import { isSameTarget } from '../../../core/reach.ts';
import type { CascadePolicy } from '../../../core/routing.ts';
import type { Handler, Stage } from '../../../core/stage.ts';
import type { Reply } from '../../../core/reply.ts';
import { Cascade, decisionOf } from './cascade.ts';
import type { CascadeDeps } from './deps.ts';
import { LogprobRefusals } from './lent-logprobs.ts';
import { wayOf } from './way.ts';

/** A cheap answer first, and that of a better model where it is not sure enough. It stands right around the attempts. */
export function cascadeStage(deps: CascadeDeps): Stage {
  const refusals = new LogprobRefusals(deps.clock);
  const parts = { ...deps, refusals };
  return {
    name: 'cascade',
    run(call, next) {
      const { assignment } = call;
      const policy = assignment?.route?.cascade;
      if (!policy) return next(call);
      const way = wayOf(deps.catalog(), call, policy, (target) => refusals.has(target));
      if (way.kind === 'none') return next(call);
      if (way.kind === 'skip') return skipped(call, assignment, policy, way.why, next);
      return new Cascade(parts, call, assignment, policy, next).run();
    },
  };
}

/** The others are asked where the better model fails. */
function skipped(
  call: Call,
  assignment: Assignment,
  { to }: CascadePolicy,
  why: string,
  next: Handler,
): Promise<Reply> {
  const decision = decisionOf(call, assignment);
  const target = targetName(to);
  call.routing = { ...decision, target, reason: `${decision.reason}; ${target} at once: ${why}` };
  call.assignment = { ...assignment, targets: [to, ...assignment.targets.filter((one) => !isSameTarget(one, to))] };
  return next(call);
}
