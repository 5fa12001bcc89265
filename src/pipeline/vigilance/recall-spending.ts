import { DAY_MS } from '../../core/units.ts';
import type { Clock } from '../../core/clock.ts';
import type { NanoUsd } from '../../core/money.ts';
import type { UsageGroup, UsagePeriod } from '../../records/traces/usage-store.ts';
import type { SpendHistories, SpendHistory } from './spend-history.ts';
import { subjectName } from './subject.ts';

const DAYS = 7;
const MOST_ROWS = 100_000;

interface Spent {
  /** The values that were grouped by. */
  readonly group: readonly (string | null)[];
  readonly sums: { readonly costNanoUsd: NanoUsd };
}

export interface RecallDeps {
  /** The sums of usage. */
  ask(by: readonly UsageGroup[], period: UsagePeriod, limit: number): Promise<readonly Spent[]>;
  readonly clock: Clock;
  readonly log: { warn(facts: object, message: string): void };
  /** Nobody needs it any more. */
  isClosed(): boolean;
}

/**
 * What keys and users spent on the last whole days (UTC), of all replicas together, so that a start does not forget what
 * is usual. Beside the requests; without a database there is nothing to recall.
 */
export async function recallSpending({ keys, users }: SpendHistories, deps: RecallDeps): Promise<void> {
  const today = Math.floor(deps.clock.now() / DAY_MS) * DAY_MS;
  const period = { since: new Date(today - DAYS * DAY_MS), until: new Date(today) };
  try {
    for (const { group, sums } of await deps.ask(['key', 'day'], period, MOST_ROWS)) {
      const [id, day] = group;
      if (id) recall(keys, id, day, sums.costNanoUsd);
    }
    if (deps.isClosed()) return;
    for (const { group, sums } of await deps.ask(['project', 'user', 'day'], period, MOST_ROWS)) {
      const [project, id, day] = group;
      if (project && id) recall(users, subjectName({ kind: 'user', id, project }), day, sums.costNanoUsd);
    }
  } catch (err) {
    if (deps.isClosed()) return;
    deps.log.warn({ err }, 'what keys and users spent before is not known; what is usual for them is learned anew');
  }
}

function recall(history: SpendHistory, name: string, day: string | null | undefined, nanoUsd: number): void {
  if (day && nanoUsd > 0) history.recall(name, Date.parse(`${day}T00:00:00Z`), nanoUsd);
}
