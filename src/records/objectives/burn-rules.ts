import type { EventSeverity } from '../events/event.ts';
import { type Objective, burnOf } from './objective.ts';
import type { SlidingSums } from './sliding-sums.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const LONGEST_BURN_MS = 72 * HOUR_MS;

/** The windows of which the burn rate is told. */
export const BURN_WINDOWS = {
  '5m': 5 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '6h': 6 * HOUR_MS,
  '3d': LONGEST_BURN_MS,
} as const;

type BurnWindow = keyof typeof BURN_WINDOWS;

interface BurnRule {
  /** Enough of the budget is gone. */
  readonly long: BurnWindow;
  /** It is still going on. */
  readonly short: BurnWindow;
  readonly above: number;
  readonly severity: EventSeverity;
}

/**
 * Of a budget of 30 days, 2 % in one hour, 5 % in six hours, 10 % in three days.
 * @see https://sre.google/workbook/alerting-on-slos/ (checked 2026-11-21)
 */
const BURN_RULES: readonly BurnRule[] = [
  { long: '1h', short: '5m', above: 14.4, severity: 'critical' },
  { long: '6h', short: '30m', above: 6, severity: 'critical' },
  { long: '3d', short: '6h', above: 1, severity: 'warning' },
];

/** Cost is an average, of which twice what it should be is much. */
const COST_RULES: readonly BurnRule[] = [
  { long: '6h', short: '30m', above: 2, severity: 'critical' },
  { long: '3d', short: '6h', above: 1, severity: 'warning' },
];

/** Fewer bad requests in the long window than this are chance. */
const LEAST_BAD = 5;

/** A rule that an objective breaks now. */
export interface Burning {
  readonly rule: BurnRule;
  readonly long: number;
  readonly short: number;
}

export function rulesOf({ name }: Pick<Objective, 'name'>): readonly BurnRule[] {
  return name === 'cost' ? COST_RULES : BURN_RULES;
}

/** Undefined where too little is known to say: the process has not run for the short window yet. */
export function isBurning(
  objective: Objective,
  rule: BurnRule,
  { sums, nowMs, upMs }: { readonly sums: SlidingSums; readonly nowMs: number; readonly upMs: number },
): Burning | false | undefined {
  if (upMs < BURN_WINDOWS[rule.short]) return undefined;
  const amounts = sums.over(BURN_WINDOWS[rule.long], nowMs);
  const long = burnOf(objective, amounts) ?? 0;
  const short = burnOf(objective, sums.over(BURN_WINDOWS[rule.short], nowMs)) ?? 0;
  const isChance = objective.name !== 'cost' && amounts[0] < LEAST_BAD;
  return !isChance && long > rule.above && short > rule.above ? { rule, long, short } : false;
}
