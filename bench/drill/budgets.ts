import { setTimeout as pause } from 'node:timers/promises';

import { type PlannedBudget, budgetSite, mixOf, plannedBudgets } from './budget-plan.ts';
import type { DrillOptions } from './options.ts';
import { type QuotaSite, withQuotaSite } from './quota-site.ts';
import type { BudgetState } from './replicas.ts';
import { MOST_OUTPUT_TOKENS, type Mix } from './spend-asks.ts';
import type { SpendTally } from './spenders.ts';
import { SpenderProcess, type Watched, inUnitOf, settledStates, untilExhausted, watch } from './spending.ts';
import { mostOf } from './spending-models.ts';
import { type Check, atLeast, atMost, checkTable, markdownTable, percent } from './verdict.ts';

const REPLICAS = 3;
const CLIENTS = 1000;
const FULL = { seeds: 20, mostSeconds: 60, thinkMs: 3000, nanoUsd: 240_000_000, tokens: 90_000 };
const QUICK = { seeds: 2, mostSeconds: 15, thinkMs: 3000, nanoUsd: 150_000_000, tokens: 55_000 };
/** After the end of the last request, for settlements that are on their way. */
const SETTLE_MS = 10_000;
const LAST_LOOK_MS = 500;
const MIN_SOFT_SHARE = 0.97;
/** The longest prompt of the mix, in the simulators' tokens. */
const MOST_INPUT_TOKENS = 120;

/** One budget after its seed. */
interface Spent {
  readonly budget: PlannedBudget;
  readonly watched: Watched;
  readonly billed: number;
  readonly requestsBilled: number;
  readonly state: BudgetState | undefined;
  readonly exhaustedAfterS: number | undefined;
  readonly endings: SpendTally[string];
}

/** `npm run drill -- budgets`: hard and soft budgets on three replicas, beside what the providers billed. */
export function drillBudgets({ quick, seeds }: DrillOptions): Promise<readonly Check[]> {
  const form = quick ? QUICK : FULL;
  const numbers = Array.from({ length: seeds ?? form.seeds }, (_, at) => at + 1);
  const budgets = plannedBudgets(numbers, form);
  return withQuotaSite(budgetSite(budgets, REPLICAS), async (site) => {
    const spent: Spent[] = [];
    for (const seed of numbers) {
      console.error(`seed ${seed} of ${numbers.length}`);
      const own = budgets.filter((budget) => budget.seed === seed);
      spent.push(...(await spendAll(site, own, form)));
    }
    console.log(spentTable(spent));
    const checks = checksOf(spent);
    console.log(`\n${endingsTable(spent)}\n\n${checkTable(checks)}`);
    return checks;
  });
}

async function spendAll(site: QuotaSite, budgets: readonly PlannedBudget[], form: typeof FULL): Promise<Spent[]> {
  const groups: { prefix: string; key: string; clients: number; mix: Mix }[] = [];
  for (const budget of budgets) {
    const key = await site.admin.createKey(site.replicas, budget.project);
    groups.push({ prefix: budget.name, key, clients: CLIENTS / budgets.length, mix: mixOf(budget) });
  }
  const [seed = 1] = budgets.map((budget) => budget.seed);
  const spenders = await SpenderProcess.start(site.launch, `spenders-${seed}`);
  const watching = watch(site, budgets);
  await spenders.spend({ urls: site.replicas.map(({ url }) => url), groups, seed, thinkMs: form.thinkMs });
  const exhausted = await untilExhausted(spenders, budgets, form.mostSeconds);
  await spenders.halt();
  const tally = await spenders.tally();
  await spenders.stop();
  const subjects = new Set(budgets.map(({ subject }) => subject));
  const [replica] = site.replicas;
  const settled = replica && (await settledStates(site, replica, subjects, SETTLE_MS));
  await pause(LAST_LOOK_MS);
  const watched = await watching.stop();
  const bills = await site.bills();
  return budgets.map((budget) => ({
    budget,
    watched: watched.get(budget.name) ?? { most: 0, samples: 0, uncounted: 0, comparisons: 0 },
    billed: inUnitOf(budget, bills.of(budget.name)),
    requestsBilled: bills.of(budget.name).requests,
    state: settled?.states.find(({ subject }) => subject === budget.subject),
    exhaustedAfterS: exhausted.get(budget.name),
    endings: tally[budget.name] ?? {},
  }));
}

function spentTable(spent: readonly Spent[]): string {
  const titles = [
    'seed',
    'budget',
    'limit',
    'most billed at a sample',
    'samples',
    'billed at the end',
    'of the limit',
    'used by the counters',
    'still reserved',
    'exhausted after s',
    'requests billed',
  ];
  const rows = spent.map(({ budget, watched, billed, requestsBilled, state, exhaustedAfterS }) => [
    String(budget.seed),
    `${budget.hard ? 'hard' : 'soft'}, ${budget.unit === 'usd' ? 'nano-dollars' : 'tokens'}${budget.kind === 'plain' ? ', all reported' : ''}`,
    String(budget.limit),
    String(watched.most),
    String(watched.samples),
    String(billed),
    percent(billed / budget.limit),
    String(state?.used ?? '–'),
    String(state?.reserved ?? '–'),
    exhaustedAfterS?.toFixed(0) ?? 'not',
    String(requestsBilled),
  ]);
  return markdownTable(titles, rows);
}

/** Of all seeds together: what clients saw. */
function endingsTable(spent: readonly Spent[]): string {
  const rows = new Map<string, Map<string, number>>();
  for (const { budget, endings } of spent) {
    const counts = rows.get(budget.kind) ?? new Map<string, number>();
    rows.set(budget.kind, counts);
    for (const [word, count] of Object.entries(endings)) counts.set(word, (counts.get(word) ?? 0) + count);
  }
  return markdownTable(
    ['budget', 'endings of requests, as clients saw them'],
    [...rows].map(([kind, counts]) => [kind, wordsOf(counts)]),
  );
}

/** The most frequent first. */
function wordsOf(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  return sorted.map(([word, count]) => `${count} × ${word}`).join(', ');
}

/**
 * A soft budget lets in whoever comes while less than all of it is used or reserved, and reserves what 95 of 100 such
 * requests cost. So the last one in may go beyond it with all that it costs, and one in twenty of those under way with
 * what it costs more than that.
 */
function softBound(clients: number): number {
  const most = mostOf(MOST_INPUT_TOKENS, 2 * MOST_OUTPUT_TOKENS);
  return Math.ceil(most * (1 + clients * 0.05));
}

function checksOf(spent: readonly Spent[]): Check[] {
  const hard = spent.filter(({ budget }) => budget.hard);
  const soft = spent.filter(({ budget }) => !budget.hard);
  const over = (of: readonly Spent[], amount: (one: Spent) => number): number =>
    Math.max(...of.map((one) => amount(one) - one.budget.limit));
  const inUsd = hard.filter(({ budget }) => budget.unit === 'usd');
  const inTokens = hard.filter(({ budget }) => budget.unit === 'tokens');
  const samples = hard.reduce((sum, { watched }) => sum + watched.samples, 0);
  const comparisons = hard.reduce((sum, { watched }) => sum + watched.comparisons, 0);
  const least = (of: readonly Spent[], amount: (one: Spent) => number): number =>
    of.reduce((smallest, one) => Math.min(smallest, amount(one)), Number.POSITIVE_INFINITY);
  const usedOf = ({ state }: Spent): number => state?.used ?? Number.NaN;
  return [
    atMost(
      `hard, dollars: billed over the budget, most of ${samples} samples`,
      over(inUsd, (s) => s.watched.most),
      0,
      ' n$',
    ),
    atMost(
      'hard, dollars: billed over the budget at the end',
      over(inUsd, (s) => s.billed),
      0,
      ' n$',
    ),
    atMost(
      'hard, tokens: billed over the budget at any sample',
      over(inTokens, (s) => s.watched.most),
      0,
    ),
    atMost(
      'hard, tokens: billed over the budget at the end',
      over(inTokens, (s) => s.billed),
      0,
    ),
    {
      what: 'hard: budgets that were exhausted',
      target: String(hard.length),
      seen: String(hard.filter(({ exhaustedAfterS }) => exhaustedAfterS !== undefined).length),
      met: hard.every(({ exhaustedAfterS }) => exhaustedAfterS !== undefined),
    },
    {
      what: 'hard: least share that was billed',
      target: '',
      seen: percent(least(hard, (s) => s.billed / s.budget.limit)),
    },
    {
      what: 'hard, all of it reported: least share that was billed',
      target: '',
      seen: percent(
        least(
          hard.filter(({ budget }) => budget.kind === 'plain'),
          (s) => s.billed / s.budget.limit,
        ),
      ),
    },
    {
      what: 'hard: least share that was used',
      target: '',
      seen: percent(least(hard, (s) => usedOf(s) / s.budget.limit)),
    },
    {
      what: 'hard: used by the counters, less what was billed, at least',
      target: '≥ 0',
      seen: String(least(hard, (s) => usedOf(s) - s.billed)),
      met: least(hard, (s) => usedOf(s) - s.billed) >= 0,
    },
    atMost(
      `hard: samples of ${comparisons} with more billed than used and reserved`,
      comparisons === 0 ? Number.NaN : hard.reduce((sum, { watched }) => sum + watched.uncounted, 0),
      0,
    ),
    atMost('still reserved at the end, most', Math.max(...spent.map(({ state }) => state?.reserved ?? Number.NaN)), 0),
    atLeast(
      'soft: used of the budget, least',
      least(soft, (s) => usedOf(s) / s.budget.limit),
      MIN_SOFT_SHARE,
    ),
    atMost('soft: used over the budget, most', over(soft, usedOf), softBound(CLIENTS / 3), ' n$'),
  ];
}
