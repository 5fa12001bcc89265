import type { StoredTrace } from './schema.ts';
import type { SearchPattern } from './search/search-text.ts';

/** Names that a listing can be narrowed by, as the query has them, and the columns that hold them. */
export const NAME_FILTERS = {
  model: 'model',
  user: 'userId',
  endpoint: 'endpoint',
  status: 'status',
  organisation: 'organisation',
  project: 'project',
  key: 'keyId',
  conversation: 'conversationId',
  target: 'target',
  virtual_model: 'virtualModel',
  response_model: 'responseModel',
  operation: 'operation',
  dialect: 'dialect',
  prompt_version: 'promptVersion',
  arm: 'arm',
  finish_reason: 'finishReason',
  cache: 'cache',
  error_code: 'errorCode',
  error_origin: 'errorOrigin',
  trace: 'w3cTraceId',
} as const satisfies Record<string, keyof StoredTrace>;
export type NameFilter = keyof typeof NAME_FILTERS;

/** Numbers that a listing can be narrowed by, each from `min_…` to `max_…`, both inclusive. */
export const RANGE_FILTERS = ['latency_ms', 'ttft_ms', 'cost_usd', 'tokens'] as const;
export type RangeFilter = (typeof RANGE_FILTERS)[number];

export interface Range {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** One verdict of which all of it is true. */
export interface VerdictFilter {
  readonly guard?: string | undefined;
  readonly outcome?: string | undefined;
}

/** Which traces are meant: those of which all of it is true. */
export interface TraceFilter {
  readonly names?: { readonly [Name in NameFilter]?: string | undefined };
  readonly ranges?: { readonly [Name in RangeFilter]?: Range | undefined };
  readonly streamed?: boolean | undefined;
  /** What a guard said, of one verdict. */
  readonly verdict?: VerdictFilter | undefined;
  /** Members of the client's metadata. */
  readonly metadata?: readonly (readonly [name: string, value: string])[];
  /** In the texts of input and output. */
  readonly text?: SearchPattern | undefined;
  /** Inclusive. */
  readonly since?: Date | undefined;
  /** Exclusive. */
  readonly until?: Date | undefined;
}

/** What partitions have indexes for, so that few rows are read to find few. */
const INDEXED: readonly NameFilter[] = ['model', 'user', 'project', 'conversation', 'trace'];

/** Whether the database has to read row after row until it has found enough. */
export function isReadThrough({
  names = {},
  ranges = {},
  streamed,
  verdict,
  metadata = [],
  text,
}: TraceFilter): boolean {
  const isNarrowed =
    INDEXED.some((name) => names[name] !== undefined) ||
    (names.status !== undefined && names.status !== 'completed') ||
    metadata.length > 0 ||
    (text !== undefined && text.grams.length > 0);
  if (isNarrowed) return false;
  const isFiltered = [...Object.values(names), ...Object.values(ranges)].some((value) => value !== undefined);
  return isFiltered || streamed !== undefined || verdict !== undefined || text !== undefined;
}
