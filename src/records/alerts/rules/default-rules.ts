import type { EventKind } from '../../events/event.ts';
import type { AlertRule } from './settings.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const COOLDOWN_MS = 30 * MINUTE_MS;

const ofRequests = { for: 5 * MINUTE_MS, cooldown: COOLDOWN_MS, window: 5 * MINUTE_MS, minimumRequests: 20, to: [] };
const ofTargets = { for: MINUTE_MS, cooldown: COOLDOWN_MS, to: [] };
const ofEvents = { cooldown: COOLDOWN_MS, to: [] };
const warning = { severity: 'warning' } as const;
const critical = { severity: 'critical' } as const;

const OTHER_EVENTS: readonly EventKind[] = [
  'objective_burn',
  'counters_degraded',
  'prompt_cache_fell',
  'canary_rolled_back',
  'canary_holding',
  'sample_ratio_mismatch',
  'shadow_budget_spent',
  'review_waiting',
  'guard_failing',
  'sign_in_failed',
  'audit_failed',
];

/** What is told of where there are channels and the file says nothing of rules. docs/alerts.md lists the same. */
export const DEFAULT_RULES: readonly AlertRule[] = [
  { name: 'error-rate', type: 'error-rate', above: 0.1, ...ofRequests, ...critical },
  { name: 'latency', type: 'latency', quantile: 'p95', above: 10_000, ...ofRequests, ...warning },
  { name: 'ttft', type: 'ttft', quantile: 'p95', above: 5000, ...ofRequests, ...warning },
  { name: 'cost', type: 'cost', above: 100, window: HOUR_MS, for: 0, cooldown: HOUR_MS, to: [], ...warning },
  { name: 'queue', type: 'queue', above: 100, ...ofTargets, ...warning },
  { name: 'breaker', type: 'breaker', ...ofTargets, ...critical },
  { name: 'provider-keys', type: 'provider-keys', ...ofTargets, for: 0, ...critical },
  { name: 'budget', type: 'budget', atLeast: 'warning', ...ofEvents },
  { name: 'suspicious-use', type: 'suspicious-use', atLeast: 'warning', ...ofEvents },
  { name: 'events', type: 'event', kinds: [...OTHER_EVENTS], atLeast: 'warning', ...ofEvents },
];
