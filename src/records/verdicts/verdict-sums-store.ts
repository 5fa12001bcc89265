import { type SumTable, timesOf } from '../traces/rollup-store.ts';
import type { VerdictSums } from './verdict-batch.ts';
import { VERDICT_COLUMNS } from './verdict-columns.ts';

const { slot, project, policy, guard, place, outcome, verdicts } = VERDICT_COLUMNS;

export const VERDICT_SLOTS: SumTable = {
  table: 'verdict_slots',
  keys: [slot, project, policy, guard, place, outcome],
  sums: [verdicts],
};

/** Parameters of a statement that writes such sums: one array a column. */
export function verdictParameters(sums: readonly VerdictSums[]): unknown[][] {
  return [
    timesOf(sums),
    sums.map((one) => one.project),
    sums.map((one) => one.policy),
    sums.map((one) => one.guard),
    sums.map((one) => one.place),
    sums.map((one) => one.outcome),
    sums.map((one) => one.verdicts),
  ];
}
