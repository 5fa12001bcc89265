import { setTimeout as pause } from 'node:timers/promises';

import { type Random, seededRandom } from '../../src/models/simulator/random.ts';
import { type KilledRound, differenceOf, lossesOf } from './records-count.ts';
import { killWithBudget } from './records-kill-budget.ts';
import { ALLOWED_ANYWHERE_MS, ALLOWED_MS, DRAIN_MS, killUnder } from './records-killing.ts';
import type { SteadyResult } from './records-load.ts';
import type { DrillOptions } from './options.ts';
import { PROJECT, type RecordsSite, SteadyLoad, withRecordsSite } from './records-site.ts';
import { type StoredRecords, readStored, untilDrained } from './records-state.ts';
import { type Check, atMost, checkTable, exactly, markdownTable, most, quantile, tally } from './verdict.ts';

const FULL = { perSecond: 1000, rounds: 20, budgetRounds: 5, leastMs: 3000, mostMs: 8000 };
const QUICK = { perSecond: 300, rounds: 3, budgetRounds: 1, leastMs: 2000, mostMs: 4000 };
/** In one round of so many the kill comes while a backlog is moved into the database. */
const BACKLOG_ONE_IN = 3;
const AWAY_MS = 2000;
const MOST_INTO_BACKLOG_MS = 700;
const SEED = 7;

/** One life of the gateway, from its start to its kill. */
interface Round extends KilledRound {
  readonly title: string;
  readonly load: SteadyResult;
  /** After the start: until nothing of the life before waited any more. */
  readonly drainMs: number;
}

/** `npm run drill -- records-kill`: kill -9 again and again under load, and what is in the database afterwards. */
export async function drillRecordKills({ quick }: DrillOptions): Promise<readonly Check[]> {
  const form = quick ? QUICK : FULL;
  const alone = await withRecordsSite({ shared: false }, (site) => killAndCount(site, form));
  const budget = await killWithBudget({ ...form, rounds: form.budgetRounds, seed: SEED });
  const checks = [...alone, ...budget];
  console.log(`\n${checkTable(checks)}`);
  return checks;
}

async function killAndCount(site: RecordsSite, form: typeof FULL): Promise<Check[]> {
  const random = seededRandom(SEED);
  const load = await SteadyLoad.start(site.launch);
  const rounds: Round[] = [];
  let key: string | undefined;
  for (let number = 1; number <= form.rounds; number += 1) {
    console.error(`kill ${number} of ${form.rounds}`);
    const replica = await site.start('gateway');
    const drainMs = await untilDrained(replica.url, DRAIN_MS);
    key ??= await site.admin.createKey([replica], PROJECT);
    await load.run({ urls: [replica.url], key, perSecond: form.perSecond });
    const isBehind = number % BACKLOG_ONE_IN === 0;
    await pause(form.leastMs + random() * (form.mostMs - form.leastMs));
    if (isBehind) await buildBacklog(site, random);
    const { killedAt, result } = await killUnder(replica, load);
    const title = isBehind ? 'while it drains a backlog' : 'under load';
    rounds.push({ title, load: result, drainMs, killedAt, answered: result.answered });
  }
  const last = await site.start('gateway');
  const lastDrainMs = await untilDrained(last.url, DRAIN_MS);
  await last.child.stop();
  const stored = await readStored(site.postgres.url);
  console.log(roundTable(rounds, stored));
  return checksOf(form.perSecond, rounds, stored, [...rounds.slice(1).map(({ drainMs }) => drainMs), lastDrainMs]);
}

/** The database comes back with much to take, and the kill falls into that. */
async function buildBacklog({ postgres }: RecordsSite, random: Random): Promise<void> {
  await postgres.stop();
  await pause(AWAY_MS);
  await postgres.start();
  await pause(random() * MOST_INTO_BACKLOG_MS);
}

function rateOf({ answered, seconds }: SteadyResult): number {
  return answered.length / seconds;
}

function failedBefore({ load, killedAt }: Round): string[] {
  return load.failed.filter(({ at }) => at < killedAt).map(({ word }) => word);
}

function roundTable(rounds: readonly Round[], { ids }: StoredRecords): string {
  const titles = [
    'kill',
    'answered',
    'a second',
    'failed before it',
    'missing',
    'longest before the kill, ms',
    'drained after the start before, ms',
    'client late p99 ms',
    'client busy',
  ];
  const rows = rounds.map((round, at) => {
    const { answered, missing, longestMs } = lossesOf([round], ids, ALLOWED_MS);
    return [
      `${at + 1}, ${round.title}`,
      String(answered),
      rateOf(round.load).toFixed(0),
      tally(failedBefore(round)),
      String(missing),
      missing === 0 ? '–' : longestMs.toFixed(1),
      round.drainMs.toFixed(0),
      round.load.lateP99Ms.toFixed(1),
      `${(round.load.busy * 100).toFixed(0)} %`,
    ];
  });
  return markdownTable(titles, rows);
}

function checksOf(
  perSecond: number,
  rounds: readonly Round[],
  stored: StoredRecords,
  drains: readonly number[],
): Check[] {
  const losses = lossesOf(rounds, stored.ids, ALLOWED_MS);
  const rates = rounds.map(({ load }) => rateOf(load));
  const unanswered = stored.ids.size - (losses.answered - losses.missing);
  return [
    {
      what: 'requests a second that were answered, median and least of the rounds',
      target: `${perSecond} asked for`,
      seen: `${quantile(rates, 0.5).toFixed(0)}, ${Math.min(...rates).toFixed(0)}`,
    },
    atMost(`failed before a kill, of ${losses.answered} answered`, rounds.flatMap(failedBefore).length, 0),
    atMost(`missing, answered more than ${ALLOWED_MS} ms before a kill`, losses.broken, 0),
    exactly(
      atMost(
        `missing, answered more than ${ALLOWED_ANYWHERE_MS / 1000} s before a kill`,
        lossesOf(rounds, stored.ids, ALLOWED_ANYWHERE_MS).broken,
        0,
      ),
    ),
    { what: 'missing in all', target: '', seen: String(losses.missing) },
    atMost('longest time from a missing answer to the kill', losses.longestMs, ALLOWED_MS, ' ms'),
    exactly(atMost('there twice', stored.twice, 0)),
    { what: 'there, and the client read no answer before the kill', target: '', seen: String(unanswered) },
    exactly(
      atMost(
        'sums of usage by 15 minutes, less the sums over the traces',
        differenceOf(stored.slots, stored.traces),
        0,
      ),
    ),
    exactly(
      atMost('sums of usage by days, less the sums over the traces', differenceOf(stored.days, stored.traces), 0),
    ),
    {
      what: 'after a start: until nothing of the life before waited, median and longest',
      target: '',
      seen: `${quantile(drains, 0.5).toFixed(0)} ms, ${most(drains).toFixed(0)} ms`,
    },
  ];
}
