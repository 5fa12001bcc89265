import { type SumTable, timesOf } from '../traces/rollup-store.ts';
import { packed } from './latency-bins.ts';
import type { OverviewSums } from './overview-batch.ts';
import { COUNTED, OVERVIEW_COLUMNS } from './overview-columns.ts';

const { slot, level, project, model, subject, latency, ttft } = OVERVIEW_COLUMNS;
const KEYS = [slot, level, project, model, subject];
const SUMS = [...COUNTED.map((key) => OVERVIEW_COLUMNS[key]), latency, ttft];

export const OVERVIEW_MINUTES: SumTable = { table: 'overview_minutes', keys: KEYS, sums: SUMS };
export const OVERVIEW_SLOTS: SumTable = { table: 'overview_slots', keys: KEYS, sums: SUMS };

/** Parameters of a statement that writes such sums: one array a column. */
export function overviewParameters(sums: readonly OverviewSums[]): unknown[][] {
  return [
    timesOf(sums),
    sums.map((one) => one.level),
    sums.map((one) => one.project),
    sums.map((one) => one.model),
    sums.map((one) => one.subject),
    ...COUNTED.map((_, at) => sums.map((one) => one.counts[at] ?? 0)),
    sums.map((one) => packed(one.latency) ?? null),
    sums.map((one) => packed(one.ttft) ?? null),
  ];
}
