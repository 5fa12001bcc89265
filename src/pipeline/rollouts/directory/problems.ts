import type { Json } from '../../../core/json.ts';
import { type Rollout, isInForce } from '../definition.ts';
import { canaryRecordOf } from '../run.ts';

/** Which of them apply is remembered by bits. */
const MOST_FLAGS = 40;

/**
 * Says of each why it cannot be in force beside the others. Those that come first have the precedence.
 * @param stateOf a state as it is in force
 */
export function withProblems(all: readonly Rollout[], stateOf: (one: Rollout) => Json | null): Rollout[] {
  const tried = new Map<string, string>();
  const flags = new Map<string, number>();
  return all.map((one) => {
    const { kind, id, definition, problem } = one;
    if (problem !== undefined || definition === undefined || !definition.enabled) return one;
    const { model } = definition;
    if (kind === 'flag') {
      const count = (flags.get(model) ?? 0) + 1;
      flags.set(model, count);
      return count <= MOST_FLAGS ? one : { ...one, problem: `the model has ${MOST_FLAGS} flags already` };
    }
    if (!occupies(one, stateOf(one))) return one;
    const other = tried.get(model);
    if (other !== undefined) return { ...one, problem: occupiedText(other, model) };
    tried.set(model, `${kind} "${id}"`);
    return one;
  });
}

export function occupiedText(other: string, model: string): string {
  return `the ${other} tries something on the model "${model}" already; one at a time, or neither is clear`;
}

interface Tried {
  list(kind: 'experiment' | 'canary'): readonly Rollout[];
  /** A state as it is in force. */
  stateOf(one: Rollout): Json | null;
}

/** @returns what else is tried on the model now, for people; it keeps the model until it is over */
export function occupantOf(tried: Tried, self: Pick<Rollout, 'kind' | 'id'>, model: string): string | undefined {
  const other = [...tried.list('experiment'), ...tried.list('canary')].find(
    (one) =>
      !(one.kind === self.kind && one.id === self.id) &&
      isInForce(one) &&
      one.definition?.model === model &&
      occupies(one, tried.stateOf(one)),
  );
  return other && `${other.kind} "${other.id}"`;
}

/** Whether it is an experiment or a canary that no other may stand beside: what was taken back makes room. */
function occupies(one: Rollout, state: Json | null): boolean {
  if (one.kind === 'experiment') return true;
  if (!isCanary(one)) return false;
  return canaryRecordOf(one, state, 0).canary.status !== 'rolled_back';
}

function isCanary(one: Rollout): one is Rollout<'canary'> {
  return one.kind === 'canary';
}
