import { setTimeout as pause } from 'node:timers/promises';

import type { PlannedBudget } from './budget-plan.ts';
import type { QuotaSite } from './quota-site.ts';
import { SpenderProcess, inUnitOf, settledStates, untilExhausted, watch } from './spending.ts';
import type { BudgetState, Replica } from './replicas.ts';
import { type Check, atMost } from './verdict.ts';

const CLIENTS = 200;
const THINK_MS = 300;
const BEFORE_MS = 4000;
/** Over the lease, until somebody has looked for replicas that are gone. */
const GRACE_MS = 1500;
const SETTLE_MS = 10_000;

export interface ReplicaPart {
  readonly leaseMs: number;
  /** That the rest of the budgets is spent for, at most. */
  readonly mostSeconds: number;
}

/**
 * kill -9 of one replica among running requests; then what it held, and then the rest of the budgets.
 *
 * The others are asked for short and whole answers, which are over soon after the kill: what is reserved then was
 * reserved by the dead one.
 */
export async function killReplica(
  site: QuotaSite,
  budgets: readonly PlannedBudget[],
  { leaseMs, mostSeconds }: ReplicaPart,
): Promise<Check[]> {
  const [first] = site.replicas;
  const dying = site.replicas.at(-1);
  if (!first || !dying || first === dying) throw new Error('the drill needs more replicas than one');
  const living = site.replicas.filter((replica) => replica !== dying);
  const subjects = new Set(budgets.map(({ subject }) => subject));
  const watching = watch(site, budgets);
  const groups = await groupsOf(site, budgets);
  const there = await SpenderProcess.start(site.launch, 'spenders-of-the-dying');
  const elsewhere = await SpenderProcess.start(site.launch, 'spenders-of-the-living');
  await there.spend({ urls: [dying.url], groups, seed: 1, thinkMs: THINK_MS });
  const plain = groups.map((group) => ({ ...group, mix: 'plain' as const }));
  await elsewhere.spend({ urls: living.map(({ url }) => url), groups: plain, seed: 2, thinkMs: THINK_MS });
  await pause(BEFORE_MS);
  const killedAt = performance.now();
  await Promise.all([dying.child.kill(), there.halt(), elsewhere.halt()]);
  const held = await site.admin.budgets(first.url, subjects).catch((): BudgetState[] => []);
  await there.stop();
  await elsewhere.stop();
  const resolved = await settledStates(site, first, subjects, leaseMs + SETTLE_MS);
  const resolvedAfterMs = performance.now() - killedAt;
  const billsThen = await site.bills();
  const rest = await spendRest(site, living, budgets, groups, mostSeconds);
  const watched = await watching.stop();
  const bills = await site.bills();
  return [
    atMost('a replica killed: until nothing of it was reserved', resolvedAfterMs, leaseMs + GRACE_MS, ' ms'),
    ...budgets.flatMap((budget) => {
      const name = `a replica killed, ${budget.kind}`;
      const used = stateOf(resolved.states, budget)?.used ?? Number.NaN;
      const billed = inUnitOf(budget, billsThen.of(budget.name));
      const reserved = stateOf(held, budget)?.reserved ?? Number.NaN;
      const last = stateOf(rest, budget);
      return [
        { what: `${name}: reserved by it when it was dead`, target: '> 0', seen: String(reserved), met: reserved > 0 },
        atMost(`${name}: billed, less what was settled and assumed`, Math.max(0, billed - used), 0),
        { what: `${name}: settled and assumed, less what was billed`, target: '', seen: String(used - billed) },
        atMost(
          `${name}: billed over the budget at any sample`,
          (watched.get(budget.name)?.most ?? Number.NaN) - budget.limit,
          0,
        ),
        atMost(
          `${name}: billed at the end, less what was used`,
          inUnitOf(budget, bills.of(budget.name)) - (last?.used ?? Number.NaN),
          0,
        ),
        atMost(`${name}: reserved at the end`, last?.reserved ?? Number.NaN, 0),
      ];
    }),
  ];
}

function stateOf(states: readonly BudgetState[], { subject }: PlannedBudget): BudgetState | undefined {
  return states.find((state) => state.subject === subject);
}

type Groups = { prefix: string; key: string; clients: number; mix: 'mixed' }[];

async function groupsOf(site: QuotaSite, budgets: readonly PlannedBudget[]): Promise<Groups> {
  const groups: Groups = [];
  for (const { name, project } of budgets) {
    const key = await site.admin.createKey(site.replicas, project);
    groups.push({ prefix: name, key, clients: CLIENTS / budgets.length, mix: 'mixed' });
  }
  return groups;
}

async function spendRest(
  site: QuotaSite,
  replicas: readonly Replica[],
  budgets: readonly PlannedBudget[],
  groups: Groups,
  mostSeconds: number,
): Promise<readonly BudgetState[]> {
  const spenders = await SpenderProcess.start(site.launch, 'spenders-after-kill');
  await spenders.spend({ urls: replicas.map(({ url }) => url), groups, seed: 2, thinkMs: THINK_MS });
  await untilExhausted(spenders, budgets, mostSeconds);
  await spenders.halt();
  await spenders.stop();
  const [first] = replicas;
  if (!first) return [];
  const subjects = new Set(budgets.map(({ subject }) => subject));
  const { states } = await settledStates(site, first, subjects, SETTLE_MS);
  return states;
}
