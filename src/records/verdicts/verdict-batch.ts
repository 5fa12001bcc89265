import { SLOT_MS } from '../traces/rollup-batch.ts';
import type { TraceRow } from '../traces/trace-row.ts';
import type { VerdictShare } from './verdict-shares.ts';

/** How often one guard said one thing in a stretch of time. */
export interface VerdictSums extends VerdictShare {
  /** Epoch milliseconds. */
  readonly slot: number;
  readonly project: string;
  readonly verdicts: number;
}

/** What a batch of traces adds, in one order everywhere, so that two replicas never wait for each other crosswise. */
export function verdictsOfBatch(rows: readonly TraceRow[]): VerdictSums[] {
  const sums = new Map<string, VerdictSums>();
  for (const row of rows) {
    const at = Date.parse(row.startedAt);
    const slot = at - (at % SLOT_MS);
    const project = row.project ?? '';
    for (const share of row.verdictShares) {
      // No name has a NUL in it: the database could not hold it.
      const key = [slot, project, share.policy, share.guard, share.place, share.outcome].join('\0');
      sums.set(key, { ...share, slot, project, verdicts: (sums.get(key)?.verdicts ?? 0) + 1 });
    }
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
