import { setTimeout as pause } from 'node:timers/promises';

import { machineMs } from './records-clock.ts';
import { type Span, differenceOf, latencyIn, lossesOf, slicesOf } from './records-count.ts';
import type { SteadyResult } from './records-load.ts';
import type { DrillOptions } from './options.ts';
import { PROJECT, type RecordsSite, SteadyLoad, withRecordsSite } from './records-site.ts';
import { type StoredRecords, readStored, untilDrained } from './records-state.ts';
import { type Watch, type WatchedPart, watchWaiting } from './records-watch.ts';
import type { Replica } from './replicas.ts';
import { type Check, atMost, checkTable, markdownTable, quantile, tally } from './verdict.ts';

const PER_SECOND = 500;
/** Code that has just been started is slow, which is another matter. */
const FULL = { warmUpMs: 8000, beforeMs: 30_000, awayMs: 120_000, afterMs: 30_000, sliceMs: 5000 };
const QUICK = { warmUpMs: 4000, beforeMs: 5000, awayMs: 10_000, afterMs: 5000, sliceMs: 1000 };
/** All that was answered is in the database so soon after its return. */
const ALL_THERE_MS = 60_000;
/** A balancer stops asking a replica before it is told to end. */
const LEAVE_MS = 500;
const DRAIN_MS = 180_000;

/** When what happened, on the machine's clock. */
interface Timeline {
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

interface Watched {
  readonly before: WatchedPart;
  readonly away: WatchedPart;
  readonly after: WatchedPart;
}

/** `npm run drill -- records-outage`: PostgreSQL is stopped under load, and a replica is started without it. */
export function drillRecordOutage({ quick }: DrillOptions): Promise<readonly Check[]> {
  const form = quick ? QUICK : FULL;
  return withRecordsSite({ shared: false }, async (site) => {
    const load = await SteadyLoad.start(site.launch);
    const first = await site.start('replica-1');
    const second = await site.start('replica-2');
    const key = await site.admin.createKey([first, second], PROJECT);
    await load.run({ urls: [first.url, second.url], key, perSecond: PER_SECOND });
    const { timeline, watched, result } = await goThrough(site, load, { first, second }, form);
    const stored = await readStored(site.postgres.url);
    console.log(partTable(timeline, watched, result));
    const checks = checksOf(timeline, watched, result, stored, form.sliceMs);
    console.log(`\n${checkTable(checks)}`);
    return checks;
  });
}

async function goThrough(
  site: RecordsSite,
  load: SteadyLoad,
  { first, second }: { first: Replica; second: Replica },
  form: typeof FULL,
): Promise<{ timeline: Timeline; watched: Watched; result: SteadyResult }> {
  await pause(form.warmUpMs);
  const watching = watchWaiting([first.url, second.url]);
  const before = await spanOf(() => pause(form.beforeMs));
  const beforeSeen = watching.take();
  console.error('PostgreSQL is stopped');
  let restarted: { replica: Replica; ms: number } | undefined;
  const away = await spanOf(async () => {
    await site.postgres.stop();
    await pause(form.awayMs / 2);
    restarted = await restart(site, load, watching, first, second);
    await pause(form.awayMs / 2);
  });
  const awaySeen = watching.take();
  if (!restarted) throw new Error('no replica was started again');
  console.error('PostgreSQL is back');
  await site.postgres.start();
  const backAt = machineMs();
  const after = await spanOf(() => pause(form.afterMs));
  const result = await load.halt();
  for (const url of [first.url, restarted.replica.url]) await untilDrained(url, DRAIN_MS);
  const allThereMs = machineMs() - backAt;
  const afterSeen = watching.take();
  await watching.stop();
  return {
    timeline: { before, away, after, restartMs: restarted.ms, backAt, allThereMs },
    watched: { before: beforeSeen, away: awaySeen, after: afterSeen },
    result,
  };
}

async function spanOf(work: () => Promise<unknown>): Promise<Span> {
  const from = machineMs();
  await work();
  return { from, to: machineMs() };
}

/** As an orchestrator does it: no new requests, the end, the start, and requests again. */
async function restart(
  site: RecordsSite,
  load: SteadyLoad,
  watching: Watch,
  staying: Replica,
  leaving: Replica,
): Promise<{ replica: Replica; ms: number }> {
  console.error('a replica is started again');
  await load.aim([staying.url]);
  await pause(LEAVE_MS);
  watching.aim([staying.url]);
  await leaving.child.stop();
  const from = machineMs();
  const replica = await site.start('replica-2');
  const ms = machineMs() - from;
  await load.aim([staying.url, replica.url]);
  watching.aim([staying.url, replica.url]);
  return { replica, ms };
}

const PARTS = ['before', 'away', 'after'] as const;
const MB = 2 ** 20;

function partTable(timeline: Timeline, watched: Watched, { answered, failed }: SteadyResult): string {
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

function checksOf(
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
      target: `${PER_SECOND} asked for`,
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
    atMost(`answered and not there, of ${losses.answered}`, losses.missing, 0),
    atMost(
      'there and not answered, or there twice',
      stored.ids.size - losses.answered + losses.missing + stored.twice,
      0,
    ),
    atMost('sums of usage, less the sums over the traces', sumDifference(stored), 0),
    atMost('records without texts, or dropped', Math.max(...PARTS.map((part) => watched[part].dropped)), 0),
  ];
}

function sumDifference({ traces, slots, days }: StoredRecords): number {
  return differenceOf(slots, traces) + differenceOf(days, traces);
}
