import type { Json } from '../../../core/json.ts';
import { addSums } from '../statistics/moments.ts';
import { type ReplicaRow, tallyOf } from './run-sums.ts';
import type { TallyRow } from './tally-store.ts';

/** Under which stands what replicas saw that are no more. */
export const FOLDED = 'folded';

/**
 * One row for each arm and part of a run, of many. Draws are those of the replica that saw most of the run, as they are
 * read: one user may have been new to several.
 */
export function foldedRows(rows: readonly ReplicaRow[]): TallyRow[] {
  const most = mostDrawnByRun(rows);
  const folded = new Map<string, TallyRow>();
  for (const row of rows) {
    const { kind, id, run, step, arm, replica } = row;
    const name = JSON.stringify([kind, id, run, step, arm]);
    const tally = tallyOf(row);
    const known = folded.get(name);
    const before = known && tallyOf(known);
    const sums = {
      sums: before ? addSums(before.sums, tally.sums) : tally.sums,
      drawn: (before?.drawn ?? 0) + (most.get(runName(row)) === replica ? tally.drawn : 0),
      drawnByAll: (before?.drawnByAll ?? 0) + (tally.drawnByAll ?? tally.drawn),
      weight: before?.weight ?? tally.weight,
    };
    folded.set(name, { kind, id, run, step, arm, sums: sums as unknown as Json });
  }
  return [...folded.values()];
}

function mostDrawnByRun(rows: readonly ReplicaRow[]): ReadonlyMap<string, string> {
  const most = new Map<string, string>();
  for (const [run, own] of Map.groupBy(rows, runName)) {
    const counts = new Map<string, number>();
    for (const row of own) counts.set(row.replica, (counts.get(row.replica) ?? 0) + tallyOf(row).drawn);
    const [first] = [...counts].toSorted(([, one], [, other]) => other - one);
    if (first) most.set(run, first[0]);
  }
  return most;
}

function runName({ kind, id, run }: ReplicaRow): string {
  return JSON.stringify([kind, id, run]);
}
