import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { seededRandom } from '../../src/models/simulator/random.ts';
import { type PostgresServer, noPostgres, startPostgres } from '../../test/support/postgres-server.ts';
import { type RedisServer, startRedis } from '../../test/support/redis-server.ts';
import type { Child } from '../child.ts';
import { TextPool } from '../text-pool.ts';
import { UPSTREAM_MODEL, wholeAnswer } from '../traffic.ts';
import type { SteadyPlan, SteadyResult } from './records-load.ts';
import { Admin, type Replica, startReplica } from './replicas.ts';
import { type Ground, type Launch, onGround } from './site.ts';

/** What the drills of records run on: replicas that are started and killed, PostgreSQL, a provider, perhaps Redis. */
export interface RecordsSite {
  readonly postgres: PostgresServer;
  readonly redis: RedisServer | undefined;
  readonly admin: Admin;
  readonly launch: Launch;
  /** A replica under its name has its own data folder, which it finds again when it is started again. */
  start(name: string): Promise<Replica>;
  /** What the provider has answered so far. */
  answers(): Promise<number>;
}

export const PROJECT = 'drill';
/** Whole nano-dollars a token, so that a bill is exact. */
const PRICE = { input: 1, output: 5 };
/** Nano-dollars a token, of a dollar a million. */
const NANO_PER_TOKEN = 1000;

/** What an answer with so many tokens costs, in nano-dollars. */
export function costOfAnswer({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }): number {
  return (inputTokens * PRICE.input + outputTokens * PRICE.output) * NANO_PER_TOKEN;
}

/** What the provider reports for every answer. */
export function answerUsage(): { inputTokens: number; outputTokens: number } {
  const { usage } = JSON.parse(wholeAnswer()) as { usage: { prompt_tokens: number; completion_tokens: number } };
  return { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
}

export interface RecordsSitePlan {
  /** Counters in Redis. */
  readonly shared: boolean;
  /** Added to causeway.yaml. */
  readonly config?: object;
}

/** Starts everything, drills, and leaves nothing behind, whatever happens. */
export async function withRecordsSite<T>(plan: RecordsSitePlan, drill: (site: RecordsSite) => Promise<T>): Promise<T> {
  if (noPostgres) throw new Error(noPostgres);
  return onGround((ground) => openAndDrill(plan, ground, drill));
}

async function openAndDrill<T>(
  { shared, config = {} }: RecordsSitePlan,
  { folder, launch, closeLater }: Ground,
  drill: (site: RecordsSite) => Promise<T>,
): Promise<T> {
  const postgres = await startPostgres();
  closeLater(() => postgres.close());
  const redis = shared ? await startRedis() : undefined;
  if (redis) closeLater(() => redis.close());
  const upstream = launch({ name: 'upstream', command: [fileURLToPath(new URL('./answering.ts', import.meta.url))] });
  const { port } = await upstream.hear('ready');
  const plan = {
    folder,
    config: {
      providers: {
        upstream: { type: 'openai-compatible', baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: 'drill' },
      },
      prices: { [MODEL]: PRICE },
      // All requests come from one address.
      limits: [],
      ...config,
    },
    adminKey: randomBytes(32).toString('base64url'),
    databaseUrl: postgres.url,
    redisUrl: redis?.url,
  };
  return drill({
    postgres,
    redis,
    admin: new Admin(plan.adminKey),
    launch,
    start: (name) => startReplica(launch, name, plan),
    answers: () => upstream.ask('answers'),
  });
}

const MODEL = `upstream/${UPSTREAM_MODEL}`;
const BODIES = 256;
const POOL_BYTES = 64 * 1024;
const LEAST_TEXT_BYTES = 200;
const MORE_TEXT_BYTES = 1500;

/** Prompts of some hundred characters in two languages. */
function requestBodies(): string[] {
  const random = seededRandom(1);
  const pool = new TextPool(random, POOL_BYTES);
  return Array.from({ length: BODIES }, (_, at) => {
    const bytes = LEAST_TEXT_BYTES + random() * MORE_TEXT_BYTES;
    const content = pool.cut(random, at % 2 === 0 ? 'en' : 'zh', bytes).toString();
    return JSON.stringify({ model: MODEL, messages: [{ role: 'user', content }] });
  });
}

const LAST_ANSWERS_MS = 60_000;

/** Clients at an even rate, in a process of their own. */
export class SteadyLoad {
  readonly #child: Child;

  private constructor(child: Child) {
    this.#child = child;
  }

  static async start(launch: Launch): Promise<SteadyLoad> {
    const child = launch({ name: 'load', command: [fileURLToPath(new URL('./records-load.ts', import.meta.url))] });
    await child.hear('ready');
    return new SteadyLoad(child);
  }

  async run(plan: Omit<SteadyPlan, 'bodies'>): Promise<void> {
    await this.#child.ask('steady', { ...plan, bodies: requestBodies() });
  }

  /** From now on at these addresses. */
  async aim(urls: readonly string[]): Promise<void> {
    await this.#child.ask('aim', urls);
  }

  /** No new requests; what became of all once those under way have ended. */
  async halt(): Promise<SteadyResult> {
    const result = this.#child.hear('steadied', LAST_ANSWERS_MS);
    await this.#child.ask('halt');
    return result;
  }
}
