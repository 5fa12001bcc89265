import { GenerationalMap } from '../../../core/generational-map.ts';
import { nanoToUsd } from '../../../core/money.ts';
import type { EventSeverity, NewEvent } from '../../../records/events/event.ts';
import type { Budget } from './budget.ts';
import { type BudgetUnit, counterKey, counterSubject } from './counter-key.ts';
import type { Period } from '../../../core/period.ts';

/** Counters of which it is remembered what was said; the events know it of the others. */
const MOST_REMEMBERED = 20_000;

/** Tells operators when a budget has reached a threshold, once in a period. */
export class BudgetAlerts {
  readonly #raise: (event: NewEvent) => void;
  /** The highest threshold that was told, by counter. */
  readonly #told = new GenerationalMap<number>(MOST_REMEMBERED);

  /** @param raise tells each event once by its dedupe key, whichever replica sends it, and however often */
  constructor(raise: (event: NewEvent) => void) {
    this.#raise = raise;
  }

  /** What share of a budget is used and reserved now. Cheap where there is nothing to tell. */
  seen(budget: Budget, subject: string, unit: BudgetUnit, period: Period, share: number): void {
    const [first] = budget.alertAt;
    if (first === undefined || share < first) return;
    const key = counterKey(budget.id, unit, period.name, subject);
    const told = this.#told.get(key) ?? 0;
    const reached = budget.alertAt.filter((threshold) => threshold > told && threshold <= share);
    const highest = reached.at(-1);
    if (highest === undefined) return;
    this.#told.set(key, highest);
    for (const threshold of reached) {
      this.#raise({
        kind: 'budget_threshold',
        severity: severityOf(threshold),
        subject: `${budget.per}:${counterSubject(subject)}`,
        dedupe: `budget_threshold|${threshold}|${key}`,
        evidence: {
          budget: budget.id,
          unit,
          limit: unit === 'usd' ? nanoToUsd(budget.nanoUsd ?? 0) : (budget.tokens ?? 0),
          period: period.name,
          resetsAt: period.endsAt === undefined ? null : new Date(period.endsAt).toISOString(),
          threshold,
          share: Math.round(share * 10_000) / 10_000,
          hard: budget.hard,
        },
      });
    }
  }
}

function severityOf(threshold: number): EventSeverity {
  if (threshold >= 1) return 'critical';
  return threshold >= 0.8 ? 'warning' : 'info';
}
