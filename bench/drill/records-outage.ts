import { setTimeout as pause } from 'node:timers/promises';

import { machineMs } from './records-clock.ts';
import type { Span } from './records-count.ts';
import type { SteadyResult } from './records-load.ts';
import type { DrillOptions } from './options.ts';
import { type Timeline, type Watched, outageChecks, partTable } from './records-outage-checks.ts';
import { PROJECT, type RecordsSite, SteadyLoad, withRecordsSite } from './records-site.ts';
import { readStored, untilDrained } from './records-state.ts';
import { type Watch, watchWaiting } from './records-watch.ts';
import type { Replica } from './replicas.ts';
import { type Check, checkTable } from './verdict.ts';

const PER_SECOND = 500;
/** Code that has just been started is slow, which is another matter. */
const FULL = { warmUpMs: 8000, beforeMs: 30_000, awayMs: 120_000, afterMs: 30_000, sliceMs: 5000 };
const QUICK = { warmUpMs: 4000, beforeMs: 5000, awayMs: 10_000, afterMs: 5000, sliceMs: 1000 };
/** A balancer stops asking a replica before it is told to end. */
const LEAVE_MS = 500;
const DRAIN_MS = 180_000;

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
    const checks = outageChecks(PER_SECOND, timeline, watched, result, stored, form.sliceMs);
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
