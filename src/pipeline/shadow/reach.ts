import type { Assignment, Call, Target } from '../../core/call.ts';
import { mayGoTo, reachableTargets } from '../../core/reach.ts';

/** Everybody who may be asked something for a call with this assignment. */
function reachOf(assignment: Assignment): readonly Target[] {
  const { candidates = [], complexity, cascade } = assignment.route ?? {};
  const asked = [...candidates.map(({ target }) => target), complexity?.model, cascade?.judge];
  return [...reachableTargets(assignment), ...asked.filter((target) => target !== undefined)];
}

/** Whether a call with this assignment stays where the other one is confined to. */
export function staysWithin(assignment: Assignment, call: Pick<Call, 'confinedTo'>): boolean {
  return reachOf(assignment).every((target) => mayGoTo(call, target));
}
