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
  const sums = new Map<string, VerdictSums & { verdicts: number }>();
  for (const row of rows) {
    const at = Date.parse(row.startedAt);
    const slot = at - (at % SLOT_MS);
    const project = row.project ?? '';
    for (const share of row.verdictShares) {
      // No name has a NUL in it: the database could not hold it.
      const key = `${slot}\0${project}\0${share.policy}\0${share.guard}\0${share.place}\0${share.outcome}`;
      const before = sums.get(key);
      if (before) before.verdicts += 1;
      else sums.set(key, { ...share, slot, project, verdicts: 1 });
    }
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
