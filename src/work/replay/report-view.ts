import { nanoToUsd } from '../../core/money.ts';
import type { OwnCalls } from './recorded-store.ts';
import type { Compared, ReplayReport } from './replay-report.ts';
import type { Counts, SideSums } from './side-sums.ts';

/** One side, as `--json` prints it. Money is dollars, shares are 0 to 1; null is what is not known. */
export interface SideView {
  readonly requests: number;
  readonly answered: number;
  readonly failed: number;
  readonly refused: { readonly total: number; readonly by_code: Readonly<Record<string, number>> };
  readonly cache_hits: {
    readonly total: number;
    readonly share: number;
    readonly by_state: Readonly<Record<string, number>>;
  };
  /** Of the requests whose cost is known. */
  readonly cost_usd: number;
  readonly cost_unknown_requests: number;
  /** Of the requests that were sent to one. */
  readonly targets: readonly { readonly target: string; readonly requests: number; readonly share: number }[];
  readonly latency_ms: { readonly p50: number | null; readonly p95: number | null };
  readonly ttft_ms: { readonly p50: number | null; readonly p95: number | null };
}

export interface ComparedView {
  readonly before: SideView;
  readonly after: SideView;
  /** Of the requests that are answered on both sides, at a known cost. */
  readonly cost: {
    readonly comparable_requests: number;
    readonly before_usd: number;
    readonly after_usd: number;
    /** 0.1 is a tenth more; null where nothing was spent before. */
    readonly change: number | null;
  };
  /** Refused after and not before, and what that cost before. */
  readonly newly_refused: { readonly requests: number; readonly before_usd: number };
  readonly no_longer_refused: { readonly requests: number; readonly after_usd: number };
  /** Requests that would go to targets of which nothing is recorded. */
  readonly unknown: {
    readonly requests: number;
    readonly share: number;
    readonly targets: readonly { readonly target: string; readonly requests: number }[];
  };
}

export interface ReplayView extends ComparedView {
  readonly since: string;
  readonly until: string;
  readonly models: readonly (ComparedView & { readonly model: string })[];
  /** Taken as they were recorded, by reason. */
  readonly not_replayed: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, number>>;
  readonly bases: Readonly<Record<string, number>>;
  readonly own_calls: readonly { readonly endpoint: string; readonly requests: number; readonly cost_usd: number }[];
  readonly notes: readonly string[];
}

export interface ReplayedPeriod {
  readonly since: Date;
  readonly until: Date;
  readonly ownCalls: readonly OwnCalls[];
  /** What of the configuration is not replayed, in words. */
  readonly notes: readonly string[];
}

export function replayView(report: ReplayReport, { since, until, ownCalls, notes }: ReplayedPeriod): ReplayView {
  const models = [...report.models].toSorted(
    ([a, one], [b, other]) => other.before.requests - one.before.requests || (a < b ? -1 : 1),
  );
  return {
    since: since.toISOString(),
    until: until.toISOString(),
    ...comparedView(report.all),
    models: models.map(([model, compared]) => ({ model, ...comparedView(compared) })),
    not_replayed: countsView(report.left),
    texts: countsView(report.texts),
    bases: countsView(report.bases),
    own_calls: ownCalls.map((one) => ({
      endpoint: one.endpoint,
      requests: one.requests,
      cost_usd: nanoToUsd(one.costNanoUsd),
    })),
    notes: [...notes, ...notesOf(report)],
  };
}

function comparedView({ before, after, cost, newlyRefused, noLongerRefused }: Compared): ComparedView {
  const { requests, beforeNanoUsd, afterNanoUsd } = cost;
  return {
    before: sideView(before),
    after: sideView(after),
    cost: {
      comparable_requests: requests,
      before_usd: nanoToUsd(beforeNanoUsd),
      after_usd: nanoToUsd(afterNanoUsd),
      change: beforeNanoUsd > 0 ? afterNanoUsd / beforeNanoUsd - 1 : null,
    },
    newly_refused: { requests: newlyRefused.requests, before_usd: nanoToUsd(newlyRefused.nanoUsd) },
    no_longer_refused: { requests: noLongerRefused.requests, after_usd: nanoToUsd(noLongerRefused.nanoUsd) },
    unknown: {
      requests: after.unknown.total,
      share: shareOf(after.unknown.total, after.requests),
      targets: after.unknown.entries().map(([target, count]) => ({ target, requests: count })),
    },
  };
}

function sideView(side: SideSums): SideView {
  const { requests, answered, failed, refused, cached, targets, latency, ttft } = side;
  return {
    requests,
    answered,
    failed,
    refused: { total: refused.total, by_code: countsView(refused) },
    cache_hits: { total: cached.total, share: shareOf(cached.total, requests), by_state: countsView(cached) },
    cost_usd: nanoToUsd(side.costNanoUsd),
    cost_unknown_requests: side.costUnknown,
    targets: targets.entries().map(([target, count]) => {
      return { target, requests: count, share: shareOf(count, targets.total) };
    }),
    latency_ms: { p50: latency.percentile(0.5) ?? null, p95: latency.percentile(0.95) ?? null },
    ttft_ms: { p50: ttft.percentile(0.5) ?? null, p95: ttft.percentile(0.95) ?? null },
  };
}

function countsView(counts: Counts): Record<string, number> {
  return Object.fromEntries(counts.entries());
}

function shareOf(part: number, all: number): number {
  return all === 0 ? 0 : part / all;
}

/** What makes the figures less sure than they look. */
function notesOf({ texts, untold, hitsOfBefore, mayMeanTheSame, otherPrompts, left, all }: ReplayReport): string[] {
  const { requests } = all.before;
  const of = (count: number): string => `${count} of ${requests} requests`;
  const redacted = texts.of('redacted');
  const missing = texts.of('absent') + texts.of('cut') + texts.of('hashed');
  return [
    redacted > 0 &&
      `The texts of ${of(redacted)} were redacted: two that differed only in what was taken out count as the same for the cache.`,
    missing > 0 &&
      `The texts of ${of(missing)} were not kept whole: what depends on what they say is not found in them.`,
    untold > 0 &&
      `Whether the cache would answer ${of(untold)} is not known, since their texts were not kept; hits of the record stay hits where that cache is on, the others are misses.`,
    hitsOfBefore > 0 &&
      `${of(hitsOfBefore)} were answered from a cache with answers of before that time and are taken to be so again: how old those were is not recorded. With a shorter ttl some of them would be misses.`,
    mayMeanTheSame > 0 && `The semantic cache is not replayed: it would answer at most ${of(mayMeanTheSame)} more.`,
    otherPrompts > 0 &&
      `${of(otherPrompts)} would have another prompt of yours than they had; its length is not in the cost.`,
    left.total > 0 && `${of(left.total)} are taken as they were recorded.`,
  ].filter((note) => note !== false);
}
