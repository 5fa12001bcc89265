import { MOST_OUTPUT_TOKENS, type Mix } from './spend-asks.ts';
import {
  SIMULATORS,
  SPENDING_DEFAULTS,
  type SimulatorName,
  pricesOf,
  simulatorPlan,
  simulatorProviders,
  virtualModelsOf,
} from './spending-models.ts';
import type { QuotaSitePlan } from './quota-site.ts';

/**
 * The budgets that every seed spends, each by clients of its own. `plain` is hard, and its clients read every answer to
 * its end at targets that are well: nothing of it is assumed, so that it is billed up to its last dollars.
 */
const BUDGET_KINDS = ['dollars', 'tokens', 'plain', 'soft'] as const;
export type BudgetKind = (typeof BUDGET_KINDS)[number];

const NANO_PER_USD = 1e9;

/** One budget of one seed; its name is the prefix of its models and of all that is named after it. */
export interface PlannedBudget {
  readonly name: string;
  readonly kind: BudgetKind;
  readonly seed: number;
  readonly unit: 'usd' | 'tokens';
  readonly hard: boolean;
  /** Nano-dollars or tokens. */
  readonly limit: number;
  /** Whose it is, as the admin API says it. */
  readonly subject: string;
  readonly project: string;
}

export interface BudgetSizes {
  readonly nanoUsd: number;
  readonly tokens: number;
}

export function plannedBudgets(seeds: readonly number[], sizes: BudgetSizes): PlannedBudget[] {
  return seeds.flatMap((seed) => BUDGET_KINDS.map((kind) => plannedBudget(seed, kind, sizes)));
}

/** The hard one in dollars is an organisation's, so that the way up from the project is counted, too. */
function plannedBudget(seed: number, kind: BudgetKind, sizes: BudgetSizes): PlannedBudget {
  const name = `s${seed}-${kind}`;
  const project = `${name}-project`;
  return {
    name,
    kind,
    seed,
    unit: kind === 'tokens' ? 'tokens' : 'usd',
    hard: kind !== 'soft',
    limit: limitOf(kind, sizes),
    subject: kind === 'dollars' ? `${name}-organisation` : project,
    project,
  };
}

function limitOf(kind: BudgetKind, { nanoUsd, tokens }: BudgetSizes): number {
  if (kind === 'tokens') return tokens;
  // What is billed of the others is a part of what they count.
  return kind === 'plain' ? nanoUsd / 4 : nanoUsd;
}

export function mixOf({ kind }: PlannedBudget): Mix {
  return kind === 'plain' ? 'plain' : 'mixed';
}

/** causeway.yaml and the simulators of all these budgets. */
export function budgetSite(
  budgets: readonly PlannedBudget[],
  replicas: number,
  more: { counters?: object; limits?: readonly object[] } = {},
): QuotaSitePlan {
  const prefixes = budgets.map(({ name }) => name);
  const [first] = budgets;
  const simulators = SIMULATORS.map((name) => [name, simulatorPlan(name, prefixes, first?.seed ?? 1)] as const);
  return {
    replicas,
    simulators: Object.fromEntries(simulators) as QuotaSitePlan['simulators'],
    config: (urls: Readonly<Record<SimulatorName, string>>) => ({
      providers: simulatorProviders(urls),
      models: Object.assign({}, ...prefixes.map(virtualModelsOf)) as object,
      prices: Object.assign({}, ...prefixes.map(pricesOf)) as object,
      defaults: SPENDING_DEFAULTS,
      limits: more.limits ?? [],
      budgets: budgets.map(settingsOf),
      organisations: Object.fromEntries(
        budgets
          .filter(({ subject, project }) => subject !== project)
          .map(({ subject, project }) => [subject, { projects: [project] }]),
      ),
      records: { bodies: 'none' },
      ...(more.counters ? { counters: more.counters } : {}),
    }),
  };
}

function settingsOf({ subject, project, unit, limit, hard }: PlannedBudget): object {
  return {
    per: subject === project ? 'project' : 'organisation',
    id: subject,
    period: 'total',
    hard,
    maxOutputTokens: MOST_OUTPUT_TOKENS,
    ...(unit === 'usd' ? { usd: limit / NANO_PER_USD } : { tokens: limit }),
  };
}
