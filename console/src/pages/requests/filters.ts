import type { SearchState } from '../../shell/search-state.ts';
import type { TimeRange } from '../../shell/time-range.ts';

/** How a filter is filled in: one of a few words, a name that may be suggested, or a number. */
type FilterKind = 'choice' | 'name' | 'number';

export interface Filter {
  readonly name: FilterName;
  readonly kind: FilterKind;
  readonly choices?: readonly string[];
}

const CHOICES = {
  status: ['completed', 'failed', 'aborted'],
  cache: ['miss', 'exact', 'semantic', 'coalesced', 'bypass'],
  error_origin: ['client', 'policy', 'provider', 'gateway'],
  dialect: ['openai', 'responses', 'anthropic', 'gemini'],
  streamed: ['true', 'false'],
  verdict: ['passed', 'flagged', 'redacted', 'blocked', 'review', 'repaired', 'failed', 'exempt', 'skipped'],
} as const;

const NAMES = [
  'model',
  'project',
  'user',
  'key',
  'organisation',
  'conversation',
  'target',
  'virtual_model',
  'response_model',
  'endpoint',
  'operation',
  'prompt_version',
  'arm',
  'finish_reason',
  'error_code',
  'guard',
  'trace',
] as const;

const NUMBERS = [
  'min_latency_ms',
  'max_latency_ms',
  'min_ttft_ms',
  'max_ttft_ms',
  'min_cost_usd',
  'max_cost_usd',
  'min_tokens',
  'max_tokens',
] as const;

type FilterName = keyof typeof CHOICES | (typeof NAMES)[number] | (typeof NUMBERS)[number];

/** Everything that a list of traces can be narrowed by, beside the time, a text and the client's own metadata. */
export const FILTERS: readonly Filter[] = [
  ...NAMES.map((name) => ({ name, kind: 'name' as const })),
  ...Object.entries(CHOICES).map(([name, choices]) => ({
    name: name as keyof typeof CHOICES,
    kind: 'choice' as const,
    choices,
  })),
  ...NUMBERS.map((name) => ({ name, kind: 'number' as const })),
];

const METADATA = 'metadata.';
const KNOWN = new Map<string, Filter>(FILTERS.map((filter) => [filter.name, filter]));

export function filterNamed(name: string): Filter | undefined {
  return KNOWN.get(name);
}

export function metadataName(name: string): string | undefined {
  return name.startsWith(METADATA) && name.length > METADATA.length ? name.slice(METADATA.length) : undefined;
}

export function asMetadata(name: string): string {
  return `${METADATA}${name}`;
}

/** What of the address narrows the list; other pages' words and unknown ones are left alone. */
export function filtersOf(search: SearchState): readonly (readonly [name: string, value: string])[] {
  return Object.entries(search).filter(([name]) => KNOWN.has(name) || name === 'q' || metadataName(name) !== undefined);
}

/** As the API asks for it. */
export function traceQuery(search: SearchState, range: Pick<TimeRange, 'since' | 'until'>): Record<string, string> {
  return {
    ...Object.fromEntries(filtersOf(search)),
    since: range.since,
    ...(range.until !== undefined && { until: range.until }),
  };
}

/** Takes every filter out of the address, and leaves the time. */
export function withoutFilters(search: SearchState): Record<string, undefined> {
  return Object.fromEntries(filtersOf(search).map(([name]) => [name, undefined]));
}

/** What an address shows; the same for the same question, whatever the order of its words. */
export function filterKey(search: SearchState): string {
  const { since = '', until = '', range = '' } = search;
  const sorted = filtersOf(search).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([since, until, since === '' ? range : '', sorted]);
}
