import { describe, expect, it } from 'vitest';

import { FILTERS, filterKey, filtersOf, metadataName, traceQuery, withoutFilters } from './filters.ts';

const RANGE = { since: '2026-11-01T00:00:00.000Z', until: undefined };

describe('filters of requests', () => {
  it('asks for what the address says, and for nothing else', () => {
    const search = {
      model: 'chat',
      q: '退款',
      'metadata.team': 'search',
      tab: 'raw',
      range: '7d',
      min_cost_usd: '0.1',
    };
    expect(traceQuery(search, RANGE)).toEqual({
      model: 'chat',
      q: '退款',
      'metadata.team': 'search',
      min_cost_usd: '0.1',
      since: RANGE.since,
    });
  });

  it('has an end where the range has one', () => {
    expect(traceQuery({}, { ...RANGE, until: '2026-11-02' })).toEqual({ since: RANGE.since, until: '2026-11-02' });
  });

  it('knows metadata by its name only', () => {
    expect(metadataName('metadata.a.b')).toBe('a.b');
    expect(metadataName('metadata.')).toBeUndefined();
    expect(filtersOf({ 'metadata.': 'x' })).toEqual([]);
  });

  it('clears filters and leaves the time', () => {
    expect(withoutFilters({ model: 'a', since: 'b', range: '1h' })).toEqual({ model: undefined });
  });

  it('is the same question in any order', () => {
    expect(filterKey({ model: 'a', user: 'b' })).toBe(filterKey({ user: 'b', model: 'a' }));
    expect(filterKey({ model: 'a' })).not.toBe(filterKey({ model: 'b' }));
    expect(filterKey({ range: '1h' })).not.toBe(filterKey({ range: '7d' }));
  });

  it('names each filter once', () => {
    expect(new Set(FILTERS.map(({ name }) => name)).size).toBe(FILTERS.length);
  });
});
