import type { Target } from '../../../core/call.ts';
import type { RoutePlan } from '../../../core/routing.ts';

/** Plans that were made of others for some of the requests. */
const ORIGINALS = new WeakMap<RoutePlan, RoutePlan>();

/** What routing saves is counted against the targets of the original. */
export function standsFor(plan: RoutePlan, original: RoutePlan): void {
  ORIGINALS.set(plan, original);
}

const BASELINES = new WeakMap<RoutePlan, readonly Target[]>();

/**
 * Where everything could have gone: to the one that the operator names, else to any of the model's own targets and to
 * the better model of its cascade.
 */
export function baselineOf(plan: RoutePlan): readonly Target[] {
  const original = plan.reference ? plan : (ORIGINALS.get(plan) ?? plan);
  let baseline = BASELINES.get(original);
  if (!baseline) {
    baseline = readBaseline(original);
    BASELINES.set(original, baseline);
  }
  return baseline;
}

function readBaseline({ reference, candidates, cascade }: RoutePlan): readonly Target[] {
  if (reference) return [reference];
  const targets = candidates.map(({ target }) => target);
  return cascade ? [...targets, cascade.to] : targets;
}
