import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Child } from '../child.ts';
import type { PlannedBudget } from './budget-plan.ts';
import type { Billed, QuotaSite } from './quota-site.ts';
import type { BudgetState, Replica } from './replicas.ts';
import type { Launch } from './site.ts';
import type { Ending, SpendPlan, SpendTally } from './spenders.ts';

/** Spending clients, in a process of their own. */
export class SpenderProcess {
  readonly #child: Child;

  private constructor(child: Child) {
    this.#child = child;
  }

  static async start(launch: Launch, name = 'spenders'): Promise<SpenderProcess> {
    const child = launch({ name, command: [fileURLToPath(new URL('./spenders.ts', import.meta.url))] });
    await child.hear('ready');
    return new SpenderProcess(child);
  }

  async spend(plan: SpendPlan): Promise<void> {
    await this.#child.ask('spend', plan);
  }

  tally(): Promise<SpendTally> {
    return this.#child.ask('tally');
  }

  /** No new requests; all endings once those under way have ended. */
  async halt(): Promise<readonly Ending[]> {
    const spent = this.#child.hear('spent', LAST_ANSWERS_MS);
    await this.#child.ask('halt');
    return spent;
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }
}

const LAST_ANSWERS_MS = 90_000;
const TALLY_MS = 500;
/** Fewer endings than this say nothing about a budget. */
const TELLING_ENDINGS = 10;

/** Small requests fit when others do not any more, until the very end. */
const LAST_SHARE = 0.05;
/** At the edge of a budget is where it would be overspent. */
const AT_THE_EDGE_MS = 3000;

/**
 * Waits until next to nobody gets anything any more from any of these budgets, and some time at that edge. The result
 * says when it was reached, in seconds.
 */
export async function untilExhausted(
  spenders: SpenderProcess,
  budgets: readonly PlannedBudget[],
  mostSeconds: number,
): Promise<ReadonlyMap<string, number>> {
  const startedAt = performance.now();
  const exhausted = new Map<string, number>();
  let before = await spenders.tally();
  while (exhausted.size < budgets.length && performance.now() - startedAt < mostSeconds * 1000) {
    await pause(TALLY_MS);
    const now = await spenders.tally();
    for (const { name } of budgets) {
      const served = servedIn(now[name]) - servedIn(before[name]);
      const refused = refusedIn(now[name]) - refusedIn(before[name]);
      const isAtEdge = refused >= TELLING_ENDINGS && served <= LAST_SHARE * (served + refused);
      if (isAtEdge && !exhausted.has(name)) exhausted.set(name, (performance.now() - startedAt) / 1000);
    }
    before = now;
  }
  await pause(AT_THE_EDGE_MS);
  return exhausted;
}

type Counts = Readonly<Record<string, number>>;

function servedIn(counts: Counts = {}): number {
  return sumOf(counts, (word) => word.startsWith('200'));
}

/** By the budget, in the code of the gateway's own or in the word that a dialect has for it. */
function refusedIn(counts: Counts = {}): number {
  return sumOf(counts, (word) => /^(402|429) /.test(word));
}

function sumOf(counts: Counts, isMeant: (word: string) => boolean): number {
  return Object.entries(counts).reduce((sum, [word, count]) => (isMeant(word) ? sum + count : sum), 0);
}

/** What was seen of one budget while it was spent. */
export interface Watched {
  /** The most that was billed at any sample, in the budget's unit. */
  readonly most: number;
  readonly samples: number;
  /** How often more was billed than what the counters, read afterwards, held as used and reserved. */
  readonly uncounted: number;
  readonly comparisons: number;
}

const SAMPLE_MS = 50;
const COMPARE_EVERY = 20;

export function inUnitOf({ unit }: Pick<PlannedBudget, 'unit'>, billed: Billed): number {
  return unit === 'usd' ? billed.nanoUsd : billed.tokens;
}

/** Reads the simulators' bills again and again, and at times what the gateway's counters say after that. */
export function watch(site: QuotaSite, budgets: readonly PlannedBudget[]) {
  const seen = new Map(budgets.map(({ name }) => [name, { most: 0, samples: 0, uncounted: 0, comparisons: 0 }]));
  const subjects = new Set(budgets.map(({ subject }) => subject));
  const end = new AbortController();
  let round = 0;
  const sample = async (): Promise<void> => {
    const bills = await site.bills();
    round += 1;
    const states = round % COMPARE_EVERY === 0 ? await statesAt(site, site.replicas[0], subjects) : undefined;
    for (const budget of budgets) {
      const own = seen.get(budget.name);
      if (!own) continue;
      const billed = inUnitOf(budget, bills.of(budget.name));
      own.most = Math.max(own.most, billed);
      own.samples += 1;
      const state = states?.find(({ subject }) => subject === budget.subject);
      if (!state) continue;
      own.comparisons += 1;
      if (billed > state.used + state.reserved) own.uncounted += 1;
    }
  };
  const run = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const startedAt = performance.now();
      await sample();
      await pause(Math.max(0, SAMPLE_MS - (performance.now() - startedAt)));
    }
  };
  const running = run();
  return {
    async stop(): Promise<ReadonlyMap<string, Watched>> {
      end.abort();
      await running;
      await sample();
      return seen;
    },
  };
}

/** Nothing where the admin API does not know budgets, or does not answer now. */
async function statesAt(
  site: Pick<QuotaSite, 'admin'>,
  replica: Replica | undefined,
  subjects: ReadonlySet<string>,
): Promise<BudgetState[] | undefined> {
  return replica && site.admin.budgets(replica.url, subjects).catch(() => undefined);
}

const SETTLE_POLL_MS = 100;

/** The counters once nothing is reserved any more, or as they are when the time is over. */
export async function settledStates(
  site: Pick<QuotaSite, 'admin'>,
  replica: Replica,
  subjects: ReadonlySet<string>,
  withinMs: number,
): Promise<{ states: readonly BudgetState[]; afterMs: number }> {
  const startedAt = performance.now();
  for (;;) {
    const states = (await statesAt(site, replica, subjects)) ?? [];
    const afterMs = performance.now() - startedAt;
    const isSettled = states.length === subjects.size && states.every(({ reserved }) => reserved === 0);
    if (isSettled || afterMs > withinMs) return { states, afterMs };
    await pause(SETTLE_POLL_MS);
  }
}
