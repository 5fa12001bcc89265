import type { Assignment, Call, Target } from './call.ts';

export function isSameTarget(a: Target, b: Target): boolean {
  return a.provider === b.provider && a.model === b.model;
}

/** What is confined to some targets is shown to nobody else: not to be answered, compared, judged or rated. */
export function mayGoTo({ confinedTo }: Pick<Call, 'confinedTo'>, target: Target): boolean {
  return confinedTo === undefined || confinedTo.some((one) => isSameTarget(one, target));
}

/** Everybody who may be sent the request itself, whatever is decided later on its way; some may be there twice. */
export function reachableTargets({ targets, policy, route }: Assignment): readonly Target[] {
  const reached = [...targets];
  if (policy) reached.push(...policy.onContextLength, ...policy.onContentPolicy);
  for (const rule of route?.rules ?? []) reached.push(...rule.targets);
  if (route?.cascade) reached.push(route.cascade.to);
  return reached;
}
