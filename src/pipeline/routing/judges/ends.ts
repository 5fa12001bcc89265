import type { Target } from '../../../core/call.ts';
import type { RoutePlan } from '../../../core/routing.ts';

/** The targets for the least and for the most demanding requests, where there are two. */
export function endsOf({ candidates }: Pick<RoutePlan, 'candidates'>): {
  readonly small: Target | undefined;
  readonly large: Target | undefined;
} {
  const small = candidates.find(({ tiers }) => tiers.includes('simple'))?.target;
  const large =
    candidates.find(({ tiers }) => tiers.includes('reasoning') || tiers.includes('complex')) ??
    candidates.find(({ tiers }) => tiers.length === 0);
  return { small, large: large?.target === small ? undefined : large?.target };
}
