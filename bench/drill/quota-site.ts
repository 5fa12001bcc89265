import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import type { SimulatorBilling } from '../../src/models/simulator/billing.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { type RedisServer, startRedis } from '../../test/support/redis-server.ts';
import { Admin, type Replica, startReplica } from './replicas.ts';
import { type Ground, type Launch, onGround } from './site.ts';
import { SIMULATORS, type SimulatorName, costOf } from './spending-models.ts';
import type { SimulatorPlan } from './upstream-plan.ts';

/** What the drills of limits and budgets run on: replicas of the gateway that share a database and counters. */
export interface QuotaSite {
  readonly replicas: readonly Replica[];
  readonly redis: RedisServer;
  readonly admin: Admin;
  readonly launch: Launch;
  /** What both simulators have billed so far. */
  bills(): Promise<Bills>;
}

export interface QuotaSitePlan {
  readonly replicas: number;
  readonly simulators: Readonly<Record<SimulatorName, SimulatorPlan>>;
  /** causeway.yaml, once it is known where the simulators are. */
  readonly config: (urls: Readonly<Record<SimulatorName, string>>) => object;
}

/** Starts everything, drills, and leaves nothing behind, whatever happens. */
export async function withQuotaSite<T>(plan: QuotaSitePlan, drill: (site: QuotaSite) => Promise<T>): Promise<T> {
  return onGround((ground) => openAndDrill(plan, ground, drill));
}

async function openAndDrill<T>(
  plan: QuotaSitePlan,
  { folder, launch, closeLater }: Ground,
  drill: (site: QuotaSite) => Promise<T>,
): Promise<T> {
  const postgres = await startPostgres();
  closeLater(() => postgres.close());
  const redis = await startRedis();
  closeLater(() => redis.close());
  const [one, two] = await Promise.all(SIMULATORS.map((name) => startSimulatorOf(launch, name, plan.simulators[name])));
  const urls = { one: one ?? '', two: two ?? '' };
  const shared = {
    folder,
    config: plan.config(urls),
    adminKey: randomBytes(32).toString('base64url'),
    databaseUrl: postgres.url,
    redisUrl: redis.url,
  };
  const names = Array.from({ length: plan.replicas }, (_, at) => `replica-${at + 1}`);
  // At the same time, as an orchestrator starts them: only one of them makes the tables.
  const replicas = await Promise.all(names.map((name) => startReplica(launch, name, shared)));
  const admin = new Admin(shared.adminKey);
  for (const { url } of replicas) await admin.untilCounting(url);
  return drill({ replicas, redis, admin, launch, bills: () => readBills(urls) });
}

async function startSimulatorOf(launch: Launch, name: SimulatorName, plan: SimulatorPlan): Promise<string> {
  const script = fileURLToPath(new URL('./upstreams.ts', import.meta.url));
  const child = launch({ name: `simulator-${name}`, command: [script, JSON.stringify({ [name]: plan })] });
  const urls = await child.hear('upstreams');
  return urls[name] ?? '';
}

/** What was billed for the models of one prefix. */
export interface Billed {
  readonly requests: number;
  readonly tokens: number;
  readonly nanoUsd: number;
}

/** The bills of both simulators at one moment. */
class Bills {
  readonly #bills: Readonly<Record<SimulatorName, SimulatorBilling>>;

  constructor(bills: Readonly<Record<SimulatorName, SimulatorBilling>>) {
    this.#bills = bills;
  }

  /** Everything whose model's name begins with the prefix and a dash. */
  of(prefix: string): Billed {
    const sum = { requests: 0, tokens: 0, nanoUsd: 0 };
    for (const name of SIMULATORS) {
      for (const [model, bill] of Object.entries(this.#bills[name].models)) {
        if (!model.startsWith(`${prefix}-`)) continue;
        sum.requests += bill.requests;
        sum.tokens += bill.inputTokens + bill.outputTokens;
        sum.nanoUsd += costOf(name, bill);
      }
    }
    return sum;
  }
}

async function readBills(urls: Readonly<Record<SimulatorName, string>>): Promise<Bills> {
  const [one, two] = await Promise.all([readBill(urls.one), readBill(urls.two)]);
  return new Bills({ one, two });
}

async function readBill(url: string): Promise<SimulatorBilling> {
  const response = await fetch(`${url}/simulator/billing`);
  return (await response.json()) as SimulatorBilling;
}
