import type { Static } from 'typebox';

import { nanoToUsd } from '../../core/money.ts';
import { type Measure, type RankedChange, greatest, ranked } from './changes.ts';
import { percentilesOf } from './latency-bins.ts';
import type { Counted } from './overview-columns.ts';
import type { OverviewSeriesView, OverviewTotalsView, OverviewView } from './overview-schema.ts';
import { type Dimension, type Happened, type NamedChange, sumOf } from './overview-store.ts';
import { type OverviewWindow, earlier, pointsOf } from './overview-window.ts';

/** How many names a list has. */
const MOST_NAMES = 6;
const MOST_TOP = 10;
const PERCENTILES = [0.5, 0.95, 0.99];

type Totals = Static<typeof OverviewTotalsView>;
type Series = Static<typeof OverviewSeriesView>;

export interface Overviewed {
  readonly window: OverviewWindow;
  /** Epoch milliseconds. */
  readonly keptSince: number;
  readonly points: ReadonlyMap<number, Happened>;
  readonly before: Happened;
  readonly names: ReadonlyMap<Dimension, readonly NamedChange[]>;
}

export function overviewView({ window, keptSince, points, before, names }: Overviewed): Static<typeof OverviewView> {
  const of = (dimension: Dimension) => names.get(dimension) ?? [];
  const then = earlier(window);
  // What there was nothing before has not changed: it has begun. Of a part nothing can be said of the whole.
  const isComparable = before.counts.requests > 0 && then.from >= keptSince;
  const changedOf = (dimension: Dimension) => (isComparable ? ranked(of(dimension), MOST_NAMES) : []);
  return {
    ...timesView(window),
    kept_since: new Date(keptSince).toISOString(),
    slot_seconds: window.unitMs / 1000,
    totals: totalsView(sumOf(points.values())),
    before: { ...timesView(then), ...totalsView(before) },
    series: seriesView(window, points),
    changed: {
      models: changedOf('model').map(changeView),
      projects: changedOf('project').map(changeView),
      targets: changedOf('target').map(changeView),
      errors: changedOf('error').map(({ name, now, before: was }) => {
        return { code: name, count: { now: now.requests, before: was.requests } };
      }),
    },
    top: {
      models_by_requests: greatest(of('model'), 'requests', MOST_TOP).map(topView),
      models_by_cost: greatest(of('model'), 'costNanoUsd', MOST_TOP).map(topView),
      projects_by_cost: greatest(of('project'), 'costNanoUsd', MOST_TOP).map(topView),
      errors: greatest(of('error'), 'requests', MOST_TOP).map(({ name, now }) => ({ code: name, count: now.requests })),
    },
  };
}

function timesView({ from, until }: OverviewWindow) {
  return { since: new Date(from).toISOString(), until: new Date(until).toISOString() };
}

function totalsView({ counts, latency, ttft }: Happened): Totals {
  const hits = counts.exactHits + counts.semanticHits + counts.coalescedHits;
  return {
    requests: counts.requests,
    errors: errorsView(counts, (count) => count),
    error_rate: shareOf(counts.providerErrors + counts.gatewayErrors, counts.requests),
    refusal_rate: shareOf(counts.clientErrors + counts.policyErrors, counts.requests),
    aborted: counts.aborted,
    latency_ms: percentilesView(latency),
    ttft_ms: percentilesView(ttft),
    cost_usd: nanoToUsd(counts.costNanoUsd),
    cost_unknown_requests: counts.costUnknownRequests,
    saved_usd: nanoToUsd(counts.savedNanoUsd),
    cache: cacheView(counts, (count) => count),
    hit_rate: shareOf(hits, hits + counts.cacheMisses),
    tokens: { input: counts.inputTokens, output: counts.outputTokens },
  };
}

function seriesView(window: OverviewWindow, points: ReadonlyMap<number, Happened>): Series {
  const starts = pointsOf(window);
  const nothing = sumOf([]);
  const all = starts.map((_, at) => points.get(at) ?? nothing);
  const each = (name: Counted) => all.map(({ counts }) => counts[name]);
  const dollars = (name: Counted) => all.map(({ counts }) => nanoToUsd(counts[name]));
  const names = Object.fromEntries(Object.keys(nothing.counts).map((name) => [name, name])) as Names;
  return {
    started_at: starts.map((at) => new Date(at).toISOString()),
    requests: each('requests'),
    errors: errorsView(names, each),
    aborted: each('aborted'),
    latency_ms: timesOfEach(all.map(({ latency }) => latency)),
    ttft_ms: timesOfEach(all.map(({ ttft }) => ttft)),
    cost_usd: dollars('costNanoUsd'),
    saved_usd: dollars('savedNanoUsd'),
    cache: cacheView(names, each),
    tokens: { input: each('inputTokens'), output: each('outputTokens') },
  };
}

type Names = { readonly [Name in Counted]: Name };

function errorsView<From, To>(from: Readonly<Record<Counted, From>>, to: (one: From) => To) {
  return {
    client: to(from.clientErrors),
    policy: to(from.policyErrors),
    provider: to(from.providerErrors),
    gateway: to(from.gatewayErrors),
  };
}

function cacheView<From, To>(from: Readonly<Record<Counted, From>>, to: (one: From) => To) {
  return {
    exact: to(from.exactHits),
    semantic: to(from.semanticHits),
    coalesced: to(from.coalescedHits),
    miss: to(from.cacheMisses),
    bypass: to(from.cacheBypasses),
  };
}

function percentilesView(bins: ReadonlyMap<number, number>) {
  const [p50 = null, p95 = null, p99 = null] = percentilesOf(bins, PERCENTILES);
  return { p50, p95, p99 };
}

function timesOfEach(all: readonly ReadonlyMap<number, number>[]) {
  const times = all.map(percentilesView);
  return { p50: times.map(({ p50 }) => p50), p95: times.map(({ p95 }) => p95), p99: times.map(({ p99 }) => p99) };
}

const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  requests: 'requests',
  errors: 'errors',
  costNanoUsd: 'cost',
};

function changeView({ name, most, now, before }: RankedChange) {
  return {
    name: name === '' ? null : name,
    most: MEASURE_NAMES[most],
    requests: { now: now.requests, before: before.requests },
    errors: { now: now.errors, before: before.errors },
    cost_usd: { now: nanoToUsd(now.costNanoUsd), before: nanoToUsd(before.costNanoUsd) },
  };
}

function topView({ name, now }: NamedChange) {
  return {
    name: name === '' ? null : name,
    requests: now.requests,
    errors: now.errors,
    cost_usd: nanoToUsd(now.costNanoUsd),
  };
}

function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? Number((part / whole).toFixed(6)) : null;
}
