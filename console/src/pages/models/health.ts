import type { Tone } from '../../ui/badge.tsx';
import type { Model, TargetState } from './wire.ts';

/** Worst last. `unknown`: nobody asked lately. */
export const HEALTHS = ['well', 'unknown', 'probing', 'strained', 'down'] as const;
export type Health = (typeof HEALTHS)[number];

export const HEALTH_TONES: Readonly<Record<Health, Tone>> = {
  well: 'good',
  unknown: 'neutral',
  probing: 'warn',
  strained: 'warn',
  down: 'bad',
};

type Seen = Pick<TargetState, 'breaker' | 'queue' | 'keys'>;

/** How a target is, by its breaker, then its keys, then its queue. */
export function targetHealth({ breaker, queue, keys }: Seen): Health {
  const usable = keys.filter(({ state }) => state === 'usable').length;
  if (breaker.state === 'open' || (keys.length > 0 && usable === 0)) return 'down';
  if (breaker.state === 'half-open') return 'probing';
  return usable < keys.length || queue.waiting > 0 ? 'strained' : 'well';
}

function worstOf(healths: readonly Health[]): Health {
  const at = Math.max(-1, ...healths.map((health) => HEALTHS.indexOf(health)));
  return HEALTHS[at] ?? 'unknown';
}

/** By name; of a target that models have several rules for, the worst. */
export function healthByTarget(states: readonly TargetState[]): ReadonlyMap<string, Health> {
  const found = new Map<string, Health>();
  for (const state of states) {
    const known = found.get(state.target);
    const own = targetHealth(state);
    found.set(state.target, known === undefined ? own : worstOf([known, own]));
  }
  return found;
}

const FIRST_ROLES: ReadonlySet<string> = new Set(['target', 'route']);
const isFine = (health: Health): boolean => health === 'well' || health === 'unknown';

/** A model is down where nobody is left who would answer, and strained where some of its first choice is not well. */
export function modelHealth({ targets }: Pick<Model, 'targets'>, byTarget: ReadonlyMap<string, Health>): Health {
  const of = (target: Model['targets'][number]): Health =>
    target.ready ? (byTarget.get(target.target) ?? 'unknown') : 'down';
  const first = targets.filter(({ role }) => FIRST_ROLES.has(role)).map(of);
  const spare = targets.filter(({ role }) => role === 'fallback').map(of);
  if (first.length === 0) return 'unknown';
  if ([...first, ...spare].every((health) => health === 'down')) return 'down';
  if (first.every((health) => health === 'unknown')) return 'unknown';
  return first.every(isFine) ? 'well' : 'strained';
}
