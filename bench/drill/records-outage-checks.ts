import { type Span, differenceOf, latencyIn, lossesOf, slicesOf } from './records-count.ts';
import type { SteadyResult } from './records-load.ts';
import type { StoredRecords } from './records-state.ts';
import type { WatchedPart } from './records-watch.ts';
import { type Check, atMost, exactly, markdownTable, quantile, tally } from './verdict.ts';

/** All that was answered is in the database so soon after its return. */
const ALL_THERE_MS = 60_000;

/** When what happened, on the machine's clock. */
export interface Timeline {
  readonly before: Span;
  readonly away: Span;
  readonly after: Span;
  /** Until a replica that was started without the database took requests. */
  readonly restartMs: number;
  /** When PostgreSQL took connections again. */
  readonly backAt: number;
  /** From then on: until nothing waited any more, with the load going on for a while. */
  readonly allThereMs: number;
}

export interface Watched {
  readonly before: WatchedPart;
  readonly away: WatchedPart;
  readonly after: WatchedPart;
}

const PARTS = ['before', 'away', 'after'] as const;
const MB = 2 ** 20;

export function partTable(timeline: Timeline, watched: Watched, { answered, failed }: SteadyResult): string {
  const titles = [
    'PostgreSQL',
    'answered',
    'failed',
    'p50 ms',
    'p99 ms',
    'event loop late, p99 of a second: median, highest ms',
    'most that waited: records',
    'MB',
    'oldest, s',
  ];
  const rows = PARTS.map((part) => {
    const span = timeline[part];
    const { answers, p50Ms, p99Ms } = latencyIn(answered, span);
    const seen = watched[part];
    return [
      part === 'away' ? 'away' : `there, ${part}`,
      String(answers),
      String(failed.filter(({ at }) => at >= span.from && at < span.to).length),
      p50Ms.toFixed(2),
      p99Ms.toFixed(2),
      `${seen.lagP99MedianMs.toFixed(1)}, ${seen.lagP99Ms.toFixed(1)}`,
      String(seen.records),
      (seen.bytes / MB).toFixed(1),
      (seen.oldestAgeMs / 1000).toFixed(1),
    ];
  });
  return markdownTable(titles, rows);
}

/** 99th percentiles of the parts of a time. */
function p99sIn({ answered }: SteadyResult, span: Span, sliceMs: number): number[] {
  return slicesOf(span, sliceMs).map((slice) => latencyIn(answered, slice).p99Ms);
}

export function outageChecks(
  perSecond: number,
  { before, away, backAt, restartMs, allThereMs }: Timeline,
  watched: Watched,
  result: SteadyResult,
  stored: StoredRecords,
  sliceMs: number,
): Check[] {
  const { answered, failed } = result;
  const killed = [{ killedAt: Number.POSITIVE_INFINITY, answered }];
  const losses = lossesOf(killed, stored.ids, 0);
  const noise = Math.max(...p99sIn(result, before, sliceMs));
  const behindUntil = watched.after.behindUntil;
  return [
    {
      what: 'requests a second that were answered',
      target: `${perSecond} asked for`,
      seen: (answered.length / result.seconds).toFixed(0),
    },
    { ...atMost('failed requests', failed.length, 0), seen: tally(failed.map(({ word }) => word)) },
    atMost(
      `p99 while it was away, median of ${sliceMs / 1000} s each, to the highest before`,
      quantile(p99sIn(result, away, sliceMs), 0.5),
      Math.ceil(noise * 100) / 100,
      ' ms',
    ),
    {
      what: 'a replica that was started without it took requests after',
      target: '',
      seen: `${restartMs.toFixed(0)} ms`,
    },
    {
      what: 'after its return: until no record was older than a second',
      target: '',
      seen: behindUntil === undefined ? '0 s' : `${((behindUntil - backAt) / 1000).toFixed(0)} s`,
    },
    atMost('after its return: until all was there', allThereMs / 1000, ALL_THERE_MS / 1000, ' s'),
    exactly(atMost(`answered and not there, of ${losses.answered}`, losses.missing, 0)),
    exactly(atMost('there twice', stored.twice, 0)),
    atMost('there and not answered', stored.ids.size - losses.answered + losses.missing, 0),
    exactly(atMost('sums of usage, less the sums over the traces', sumDifference(stored), 0)),
    exactly(atMost('records without texts, or dropped', Math.max(...PARTS.map((part) => watched[part].dropped)), 0)),
  ];
}

function sumDifference({ traces, slots, days }: StoredRecords): number {
  return differenceOf(slots, traces) + differenceOf(days, traces);
}
