import { CACHE_STATES } from '../../core/caching.ts';
import { VERDICT_OUTCOMES } from '../../core/screening.ts';
import { DAY_MS } from '../../core/units.ts';
import type { ListPosition } from '../../storage/database/list-position.ts';
import { searchPattern } from './search/search-text.ts';
import {
  NAME_FILTERS,
  type NameFilter,
  RANGE_FILTERS,
  type Range,
  type TraceFilter,
  type VerdictFilter,
} from './trace-filter.ts';
import {
  type Query,
  WITH_DASHES,
  invalid,
  readLimit,
  readPeriod,
  readPosition,
  readText,
  refuseUnknown,
} from '../listing/query.ts';

export interface TraceListing {
  readonly filter: TraceFilter;
  readonly limit: number;
  readonly after: ListPosition | undefined;
}

export interface TraceExport {
  readonly filter: TraceFilter;
  /** Whether the texts are wanted too. */
  readonly bodies: boolean;
}

const STATUSES = ['completed', 'failed', 'aborted'] as const;
const METADATA = 'metadata.';
/** What is searched in where nothing is said of the time. */
const SEARCHED_MS = 7 * DAY_MS;
const MAX_METADATA = 10;

const NAMES = Object.keys(NAME_FILTERS) as NameFilter[];
const RANGES = RANGE_FILTERS.flatMap((name) => [`min_${name}`, `max_${name}`]);
const FILTERS = [...NAMES, ...RANGES, 'streamed', 'guard', 'verdict', 'q', 'since', 'until'];

/** @throws request_invalid with the parameter at fault and what would be right */
export function readTraceListing(query: Query, now: number): TraceListing {
  return {
    filter: readTraceFilter(query, now, ['limit', 'cursor']),
    limit: readLimit(query),
    after: readPosition(query, WITH_DASHES),
  };
}

/** @throws request_invalid */
export function readTraceExport(query: Query, now: number): TraceExport {
  return { filter: readTraceFilter(query, now, ['bodies']), bodies: readFlag(query, 'bodies') ?? false };
}

function readTraceFilter(query: Query, now: number, others: readonly string[]): TraceFilter {
  const metadata = Object.keys(query).filter((name) => name.startsWith(METADATA) && name.length > METADATA.length);
  refuseUnknown(query, [...FILTERS, ...metadata, ...others], 'metadata.<name>');
  if (metadata.length > MAX_METADATA) throw invalid('metadata', `can be asked for ${MAX_METADATA} times at most`);
  const names = Object.fromEntries(NAMES.map((name) => [name, readText(query, name)]));
  requireOneOf('status', names['status'], STATUSES);
  requireOneOf('cache', names['cache'], CACHE_STATES);
  return {
    names,
    ranges: Object.fromEntries(RANGE_FILTERS.map((name) => [name, readRange(query, name)])),
    streamed: readFlag(query, 'streamed'),
    verdict: readVerdict(query),
    metadata: metadata.map((name) => [name.slice(METADATA.length), readText(query, name) ?? '']),
    ...readSearch(query, now),
  };
}

/** Of one guard, of one outcome, or both of one verdict. */
function readVerdict(query: Query): VerdictFilter | undefined {
  const [guard, outcome] = [readText(query, 'guard'), readText(query, 'verdict')];
  requireOneOf('verdict', outcome, VERDICT_OUTCOMES);
  if (guard === undefined && outcome === undefined) return undefined;
  return { ...(guard !== undefined && { guard }), ...(outcome !== undefined && { outcome }) };
}

function requireOneOf(name: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value)) throw invalid(name, `must be one of ${known.join(', ')}`);
}

/** What is looked for in the texts, and the time: a search has one, so that it never goes through everything. */
function readSearch(query: Query, now: number): Pick<TraceFilter, 'text' | 'since' | 'until'> {
  const { since, until } = readPeriod(query);
  const asked = readText(query, 'q');
  if (asked === undefined) return { since, until };
  const text = searchPattern(asked);
  if (!text) throw invalid('q', 'is empty. Give some of the text that is looked for');
  const end = until?.getTime() ?? now;
  const isIndexed = text.grams.length > 0;
  const begin = since?.getTime() ?? Math.max(0, end - (isIndexed ? SEARCHED_MS : DAY_MS));
  if (!isIndexed && end - begin > DAY_MS) {
    throw invalid(
      'q',
      'is too short for the index: give three letters or two Chinese, Japanese or Korean characters in a row, or a time of one day at most with `since` and `until`',
    );
  }
  return { text, since: new Date(begin), until };
}

function readRange(query: Query, name: string): Range | undefined {
  const [min, max] = [readNumber(query, `min_${name}`), readNumber(query, `max_${name}`)];
  if (min !== undefined && max !== undefined && min > max) {
    throw invalid(`max_${name}`, `must not be below \`min_${name}\``);
  }
  return min === undefined && max === undefined ? undefined : { min, max };
}

function readNumber(query: Query, name: string): number | undefined {
  const value = readText(query, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,15}(?:\.\d{1,15})?$/.test(value)) throw invalid(name, 'must be a number such as 250 or 0.05');
  return Number(value);
}

function readFlag(query: Query, name: string): boolean | undefined {
  const value = readText(query, name);
  if (value !== undefined && value !== 'true' && value !== 'false') throw invalid(name, 'must be true or false');
  return value === undefined ? undefined : value === 'true';
}
