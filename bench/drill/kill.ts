import { type BudgetKind, type PlannedBudget, budgetSite, plannedBudgets } from './budget-plan.ts';
import { LIMITED_PROJECT, REDIS_ENDS, killRedis } from './kill-redis.ts';
import { killReplica } from './kill-replica.ts';
import type { DrillOptions } from './options.ts';
import { withQuotaSite } from './quota-site.ts';
import { type Check, checkTable } from './verdict.ts';

const REPLICAS = 3;
const LEASE_MS = 3000;
const LIMIT = { perSecond: 10, burst: 60 };
/** Each part of the drill has budgets of its own, which are told apart by a seed. */
const PARTS = { empty: 1, copy: 2, replica: 3 } as const;
/** With the time that the rest of a budget is spent for, at most. */
const SIZES = {
  full: { nanoUsd: 1_500_000_000, tokens: 550_000, mostSeconds: 60 },
  quick: { nanoUsd: 600_000_000, tokens: 220_000, mostSeconds: 8 },
};

/** `npm run drill -- kill`: Redis dies and comes back empty, or as it was seconds before; then a replica dies. */
export function drillKills({ quick }: DrillOptions): Promise<readonly Check[]> {
  const { mostSeconds, ...sizes } = quick ? SIZES.quick : SIZES.full;
  const budgets = plannedBudgets(Object.values(PARTS), sizes);
  const hardOf = (part: number): PlannedBudget[] => budgets.filter(({ seed, hard }) => seed === part && hard);
  const unlimited: BudgetKind = 'soft';
  const plan = budgetSite(budgets, REPLICAS, {
    counters: { lease: `${LEASE_MS}ms` },
    limits: [{ per: 'project', id: LIMITED_PROJECT, requests: `${LIMIT.perSecond * 60}/1m` }],
  });
  return withQuotaSite(plan, async (site) => {
    const checks: Check[] = [];
    // Redis first: afterwards there is one replica less.
    for (const end of REDIS_ENDS) {
      console.error(`Redis is killed, and comes back: ${end}`);
      const prefix = `s${PARTS[end]}-${unlimited}`;
      checks.push(...(await killRedis(site, hardOf(PARTS[end]), { end, prefix, mostSeconds, ...LIMIT })));
    }
    console.error('a replica is killed');
    checks.push(...(await killReplica(site, hardOf(PARTS.replica), { leaseMs: LEASE_MS, mostSeconds })));
    console.log(checkTable(checks));
    return checks;
  });
}
