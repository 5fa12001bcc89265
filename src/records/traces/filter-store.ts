import { NANO_PER_USD } from '../../core/money.ts';
import { DAY_MS } from '../../core/units.ts';
import { LATEST_MS, storableText } from '../../storage/database/storable.ts';
import { type SQL, and, eq, gte, lt, sql } from '../../storage/drizzle/queries.ts';
import { traces } from './schema.ts';
import { timeOfTraceId } from './trace-time.ts';
import { NAME_FILTERS, type NameFilter, type Range, type RangeFilter, type TraceFilter } from './trace-filter.ts';

/** Of a listing; the bounds of its time are not among them. */
export function conditionsOf(filter: TraceFilter): SQL[] {
  const { names = {}, ranges = {}, streamed, verdict, metadata = [], text } = filter;
  const conditions: SQL[] = [];
  for (const [name, value] of Object.entries(names) as [NameFilter, string | undefined][]) {
    if (value !== undefined) conditions.push(eq(traces[NAME_FILTERS[name]], value));
  }
  for (const [name, range] of Object.entries(ranges) as [RangeFilter, Range | undefined][]) {
    if (range) conditions.push(...within(name, range));
  }
  if (streamed !== undefined) conditions.push(eq(traces.streamed, streamed));
  if (verdict) conditions.push(sql`${traces.verdicts}::jsonb @> ${JSON.stringify([verdict])}::jsonb`);
  for (const [name, value] of metadata) conditions.push(hasMember(name, value));
  // Not LIKE, which the planner takes for rarer than it is.
  if (text) conditions.push(sql`strpos(${traces.searchText}, ${text.form}) > 0`);
  if (text && text.grams.length > 0)
    conditions.push(sql`${traces.searchGrams} @> ${`{${text.grams.join(',')}}`}::int[]`);
  return conditions;
}

/**
 * The one of this id, which says when it was, so that one or two partitions are read; the clock may have been set while
 * the call began. Undefined where it is no id of ours.
 */
export function isTrace(traceId: string): SQL | undefined {
  const at = timeOfTraceId(traceId);
  if (at === undefined) return undefined;
  return and(eq(traces.traceId, traceId), ...withinTime(Math.max(0, at - DAY_MS), at + DAY_MS));
}

/** Inclusive and exclusive, epoch milliseconds. */
export function withinTime(from: number, until: number): SQL[] {
  return [gte(traces.startedAt, new Date(from)), lt(traces.startedAt, new Date(Math.min(until, LATEST_MS + 1)))];
}

const TOKENS = sql`(coalesce(${traces.inputTokens}, 0) + coalesce(${traces.outputTokens}, 0))`;

const MEASURES = {
  latency_ms: { column: traces.latencyMs, unit: 1 },
  ttft_ms: { column: traces.ttftMs, unit: 1 },
  cost_usd: { column: traces.costNanoUsd, unit: NANO_PER_USD },
  tokens: { column: TOKENS, unit: 1 },
} as const;

function within(name: RangeFilter, { min, max }: Range): SQL[] {
  const { column, unit } = MEASURES[name];
  return [
    ...(min === undefined ? [] : [sql`${column} >= ${min * unit}::float8`]),
    ...(max === undefined ? [] : [sql`${column} <= ${max * unit}::float8`]),
  ];
}

/** Clients send numbers and flags as such or as texts, so both are meant. */
function hasMember(name: string, value: string): SQL {
  const forms: unknown[] = /^(?:true|false|null|-?\d{1,15}(?:\.\d{1,15})?)$/.test(value)
    ? [value, JSON.parse(value)]
    : [value];
  const contained = forms.map((form) => {
    return sql`${traces.metadata} @> ${JSON.stringify({ [storableText(name)]: form })}::jsonb`;
  });
  return sql`(${sql.join(contained, sql` or `)})`;
}
