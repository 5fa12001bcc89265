import { setTimeout as pause } from 'node:timers/promises';

import { seededRandom } from '../../src/models/simulator/random.ts';
import { type BudgetAroundKill, budgetFaults, lossesOf } from './records-count.ts';
import { ALLOWED_MS, DRAIN_MS, killUnder } from './records-killing.ts';
import { PROJECT, type RecordsSite, SteadyLoad, answerUsage, costOfAnswer, withRecordsSite } from './records-site.ts';
import { readStored, untilDrained } from './records-state.ts';
import type { Replica } from './replicas.ts';
import { settledStates } from './spending.ts';
import { type Check, atMost, exactly, markdownTable } from './verdict.ts';

const LEASE_MS = 3000;
const SETTLE_MS = 10_000;
const MOST_OUTPUT_TOKENS = 256;
/** Never reached: what is held to account is the counting. */
const PLENTY_USD = 1_000_000;
const SUBJECTS = new Set([PROJECT]);

interface BudgetRound extends BudgetAroundKill {
  readonly answered: number;
  readonly afterMs: number;
}

export interface BudgetForm {
  readonly perSecond: number;
  readonly rounds: number;
  readonly seed: number;
  readonly leastMs: number;
  readonly mostMs: number;
}

/** The same kills with a hard budget in Redis, which another replica reads: of what was billed nothing goes uncounted. */
export function killWithBudget(form: BudgetForm): Promise<Check[]> {
  const config = {
    counters: { lease: `${LEASE_MS}ms` },
    budgets: [
      {
        per: 'project',
        id: PROJECT,
        usd: PLENTY_USD,
        period: 'total',
        hard: true,
        maxOutputTokens: MOST_OUTPUT_TOKENS,
      },
    ],
  };
  return withRecordsSite({ shared: true, config }, (site) => killAndRead(site, form));
}

async function killAndRead(
  site: RecordsSite,
  { perSecond, rounds: count, seed, leastMs, mostMs }: BudgetForm,
): Promise<Check[]> {
  const random = seededRandom(seed);
  const load = await SteadyLoad.start(site.launch);
  const witness = await site.start('witness');
  await site.admin.untilCounting(witness.url);
  const key = await site.admin.createKey([witness], PROJECT);
  const rounds: BudgetRound[] = [];
  const killed = [];
  for (let number = 1; number <= count; number += 1) {
    console.error(`kill ${number} of ${count}, with a budget in Redis`);
    const replica = await site.start('gateway');
    await site.admin.untilCounting(replica.url);
    await load.run({ urls: [replica.url], key, perSecond });
    await pause(leastMs + random() * (mostMs - leastMs));
    const { killedAt, result } = await killUnder(replica, load);
    killed.push({ killedAt, answered: result.answered });
    rounds.push({ answered: result.answered.length, ...(await readBudget(site, witness)) });
  }
  const last = await site.start('gateway');
  await untilDrained(last.url, DRAIN_MS);
  await last.child.stop();
  const stored = await readStored(site.postgres.url);
  console.log(`\n${budgetTable(rounds)}`);
  const losses = lossesOf(killed, stored.ids, ALLOWED_MS);
  const faults = rounds.flatMap((round) => budgetFaults(round));
  return [
    {
      what: `budget in Redis: faults of its counters after ${rounds.length} kills`,
      target: 'none',
      seen: faults.join('; ') || 'none',
      met: rounds.length > 0 && faults.length === 0,
      isExact: true,
    },
    atMost(
      'budget in Redis: until nothing was reserved any more',
      Math.max(...rounds.map((r) => r.afterMs)),
      LIMIT_MS,
      ' ms',
    ),
    atMost(`budget in Redis: missing, answered more than ${ALLOWED_MS} ms before a kill`, losses.broken, 0),
    exactly(atMost('budget in Redis: records that are there twice', stored.twice, 0)),
  ];
}

/** The lease, and until somebody has looked for replicas that are gone. */
const LIMIT_MS = LEASE_MS + 1500;

/** What one answer of the provider costs. */
const ANSWER_NANO_USD = costOfAnswer(answerUsage());

/** Everything that was sent has been answered by the provider or never will be: the only client is gone. */
async function readBudget(site: RecordsSite, witness: Replica): Promise<BudgetAroundKill & { afterMs: number }> {
  const [then] = await site.admin.budgets(witness.url, SUBJECTS);
  const { states, afterMs } = await settledStates(site, witness, SUBJECTS, LEASE_MS + SETTLE_MS);
  const [after] = states;
  return {
    billed: (await site.answers()) * ANSWER_NANO_USD,
    usedThen: then?.used ?? Number.NaN,
    reservedThen: then?.reserved ?? Number.NaN,
    usedAfter: after?.used ?? Number.NaN,
    reservedAfter: after?.reserved ?? Number.NaN,
    afterMs,
  };
}

function budgetTable(rounds: readonly BudgetRound[]): string {
  const titles = [
    'kill',
    'answered',
    'billed n$',
    'used then',
    'reserved then',
    'used after the lease',
    'assumed',
    'ms',
  ];
  const rows = rounds.map((round, at) => [
    String(at + 1),
    String(round.answered),
    String(round.billed),
    String(round.usedThen),
    String(round.reservedThen),
    String(round.usedAfter),
    String(round.usedAfter - round.billed),
    round.afterMs.toFixed(0),
  ]);
  return markdownTable(titles, rows);
}
