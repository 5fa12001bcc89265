import { type WrittenColumn, columnsOf } from '../traces/written-columns.ts';
import type { verdictSlots } from './schema.ts';

type Column = keyof typeof verdictSlots.$inferSelect;

/** As plain data, for the thread that writes them; a test holds them to the table. */
export const VERDICT_COLUMNS: Readonly<Record<Column, WrittenColumn>> = columnsOf<Column>({
  slot: ['slot', 'timestamp with time zone', 'not null'],
  project: ['project', 'text', 'not null'],
  policy: ['policy', 'text', 'not null'],
  guard: ['guard', 'text', 'not null'],
  place: ['place', 'text', 'not null'],
  outcome: ['outcome', 'text', 'not null'],
  verdicts: ['verdicts', 'bigint', 'not null'],
});
