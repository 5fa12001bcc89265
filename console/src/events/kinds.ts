import type { Texts } from '../i18n/i18n.ts';

export type KnownKind = keyof Texts['events'];

/** As the gateway tells of them. */
export const KINDS = [
  'alert',
  'budget_threshold',
  'suspicious_use',
  'objective_burn',
  'counters_degraded',
  'prompt_cache_fell',
  'canary_rolled_back',
  'canary_promoted',
  'canary_holding',
  'experiment_verdict',
  'sample_ratio_mismatch',
  'shadow_budget_spent',
  'review_waiting',
  'guard_failing',
  'sign_in_failed',
  'audit_failed',
] as const satisfies readonly KnownKind[];

/** Those that end, of which one that has not ended is still so. */
const LASTING: ReadonlySet<string> = new Set([
  'alert',
  'objective_burn',
  'counters_degraded',
  'prompt_cache_fell',
  'audit_failed',
]);

export function isKnownKind(kind: string): kind is KnownKind {
  return KINDS.some((known) => known === kind);
}

export function lasts(kind: string): boolean {
  return LASTING.has(kind);
}
