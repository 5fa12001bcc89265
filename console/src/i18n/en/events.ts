/** Kinds of events, in a few words. */
export const events = {
  alert: 'alert',
  budget_threshold: 'budget threshold',
  suspicious_use: 'suspicious use',
  objective_burn: 'objective burns',
  counters_degraded: 'counters away',
  prompt_cache_fell: 'prompt cache fell',
  canary_rolled_back: 'canary taken back',
  canary_promoted: 'canary went on',
  canary_holding: 'canary waits',
  experiment_verdict: 'experiment verdict',
  sample_ratio_mismatch: 'sample ratio mismatch',
  shadow_budget_spent: 'shadow budget spent',
  review_waiting: 'review waiting',
  guard_failing: 'guard fails',
  sign_in_failed: 'sign-in failed',
  audit_failed: 'audit log failed',
};
