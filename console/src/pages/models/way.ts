import type { Model, ModelTarget } from './wire.ts';

/** A step on the way of a request: several targets one of which is chosen, or one after the other. */
export interface WayStep {
  readonly kind: 'rules' | 'first' | 'cascade' | 'fallback' | 'special';
  readonly targets: readonly WayTarget[];
}

export interface WayTarget extends ModelTarget {
  /** Of the requests, where weights decide. */
  readonly share: number | undefined;
}

const STEPS: readonly (readonly [WayStep['kind'], ReadonlySet<string>])[] = [
  ['rules', new Set(['rule'])],
  ['first', new Set(['target', 'route'])],
  ['cascade', new Set(['cascade'])],
  ['fallback', new Set(['fallback'])],
  ['special', new Set(['context_length', 'content_policy'])],
];

/** The steps that there are, in the order in which a request takes them. */
export function wayOf({ targets, route }: Pick<Model, 'targets' | 'route'>): readonly WayStep[] {
  const weights = targets.filter(({ role }) => role === 'route').map(({ weight }) => weight ?? 1);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const shareOf = ({ role, weight }: ModelTarget): number | undefined =>
    route?.by === 'weight' && role === 'route' && sum > 0 ? (weight ?? 1) / sum : undefined;
  return STEPS.map(([kind, roles]) => ({
    kind,
    targets: targets.filter(({ role }) => roles.has(role)).map((target) => ({ ...target, share: shareOf(target) })),
  })).filter(({ targets: of }) => of.length > 0);
}
