import { type Assignment, type Target, targetName } from '../../core/call.ts';

/** Everybody who may be asked something for a call with this assignment. */
function reachOf({ targets, policy, route }: Assignment): readonly Target[] {
  const routed = route
    ? [
        ...route.candidates.map(({ target }) => target),
        ...route.rules.flatMap((rule) => rule.targets),
        route.complexity?.model,
        route.cascade?.to,
        route.cascade?.judge,
      ]
    : [];
  const instead = policy ? [...policy.onContextLength, ...policy.onContentPolicy] : [];
  return [...targets, ...routed, ...instead].filter((target) => target !== undefined);
}

/** Whether a call that is confined to some targets stays within them. @param confined undefined: it is not */
export function staysWithin(assignment: Assignment, confined: readonly Target[] | undefined): boolean {
  return reachOf(assignment).every((target) => isWithin(target, confined));
}

export function isWithin(target: Target, confined: readonly Target[] | undefined): boolean {
  return confined === undefined || confined.some((one) => targetName(one) === targetName(target));
}
