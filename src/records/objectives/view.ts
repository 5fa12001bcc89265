import { type Static, Type } from 'typebox';

import type { Clock } from '../../core/clock.ts';
import { BURN_WINDOWS } from './burn-rules.ts';
import { burningNow } from './burn-watch.ts';
import { burnOf } from './objective.ts';
import type { Tracked } from './objective-tracker.ts';

const orNull = (description: string) => Type.Union([Type.Number({ description }), Type.Null()]);
const optional = (description: string) => Type.Optional(Type.Number({ description }));

export const ObjectiveView = Type.Object({
  model: Type.String(),
  objective: Type.String({ description: 'availability, latency, ttft, cost' }),
  target: Type.Number({ description: 'A share of the requests; of cost, dollars per 1,000 tokens' }),
  below_ms: optional('Of latency and ttft: the bound'),
  window_seconds: Type.Number({ description: 'Over how long the budget is counted' }),
  since: Type.String({ description: 'RFC 3339: nothing from before is known to this process' }),
  good: optional('Requests in the window that met it'),
  bad: optional('Requests in the window that did not'),
  usd: optional('Of cost: dollars in the window'),
  tokens: optional('Of cost: tokens in the window'),
  actual: orNull('What it was over the window, to compare with `target`; null where nothing counted'),
  budget_left: orNull(
    'Share of the error budget that is left; below 0 where more was used. Null where nothing counted',
  ),
  burn: Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]), {
    description: 'How fast the budget is used up, over several windows; 1 is as fast as the objective allows',
  }),
  alert: Type.Union([Type.String(), Type.Null()], { description: 'critical or warning, where it burns too fast now' }),
});

export type ObjectiveView = Static<typeof ObjectiveView>;

/** An objective as the admin API shows it. */
export function objectiveView(tracked: Tracked, clock: Clock): ObjectiveView {
  const { objective, sums, since } = tracked;
  const { model, name, target, belowMs, windowMs } = objective;
  const nowMs = clock.monotonic();
  const [spent, earned] = sums.over(windowMs, nowMs);
  const burned = burnOf(objective, [spent, earned]);
  const alert = burningNow(tracked, undefined, nowMs);
  return {
    model,
    objective: name,
    target,
    ...(belowMs !== undefined && { below_ms: belowMs }),
    window_seconds: windowMs / 1000,
    since: new Date(clock.now() - (nowMs - since)).toISOString(),
    ...(name === 'cost' ? { usd: spent, tokens: earned } : { good: earned, bad: spent }),
    actual: actualOf(name, spent, earned),
    budget_left: burned === undefined ? null : 1 - burned,
    burn: Object.fromEntries(
      Object.entries(BURN_WINDOWS).map(([window, ms]) => [window, burnOf(objective, sums.over(ms, nowMs)) ?? null]),
    ),
    alert: alert ? alert.rule.severity : null,
  };
}

function actualOf(name: string, spent: number, earned: number): number | null {
  if (name === 'cost') return earned === 0 ? null : (spent / earned) * 1000;
  return spent + earned === 0 ? null : earned / (spent + earned);
}
