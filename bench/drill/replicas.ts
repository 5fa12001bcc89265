import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Child } from '../child.ts';
import { freePort } from '../../test/support/free-port.ts';
import { untilAnswers } from '../parties.ts';
import type { Launch } from './site.ts';

export interface Replica {
  readonly url: string;
  readonly child: Child;
}

/** What all replicas share. */
export interface ReplicaPlan {
  readonly folder: string;
  readonly config: object;
  readonly adminKey: string;
  /** Absent: each has one of its own. */
  readonly databaseUrl: string | undefined;
  /** Absent: each counts for itself. */
  readonly redisUrl: string | undefined;
}

const KEY_REACHES_ALL_MS = 10_000;
const COUNTS_MS = 20_000;
const POLL_MS = 50;
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** `causeway start` from source, on a port and a data folder of its own, until it takes requests. */
export async function startReplica(launch: Launch, name: string, plan: ReplicaPlan): Promise<Replica> {
  const own = join(plan.folder, name);
  mkdirSync(own, { recursive: true });
  const url = `http://127.0.0.1:${await freePort()}`;
  const file = join(own, 'causeway.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(plan.config, undefined, 2));
  const child = launch({
    name,
    command: [MAIN, 'start'],
    env: {
      PORT: new URL(url).port,
      CAUSEWAY_CONFIG: file,
      CAUSEWAY_DATA_DIR: join(own, 'data'),
      CAUSEWAY_ADMIN_KEY: plan.adminKey,
      ...(plan.databaseUrl === undefined ? {} : { DATABASE_URL: plan.databaseUrl }),
      ...(plan.redisUrl === undefined ? {} : { REDIS_URL: plan.redisUrl }),
    },
  });
  await untilAnswers(child, `${url}/readyz`);
  return { url, child };
}

/** A budget as the admin API shows it, with what the checks need of it in whole units. */
export interface BudgetState {
  readonly subject: string;
  readonly unit: 'usd' | 'tokens';
  /** Nano-dollars or tokens. */
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
}

/** The admin API of the replicas. */
export class Admin {
  readonly #adminKey: string;
  /** Names of budgets, by whose they are. */
  #names: ReadonlyMap<string, string> | undefined;

  constructor(adminKey: string) {
    this.#adminKey = adminKey;
  }

  /** A new key of a project, once every replica knows it. */
  async createKey(replicas: readonly Replica[], project: string, user?: string): Promise<string> {
    const [first] = replicas;
    if (!first) throw new Error('there is no replica to make a key at');
    const { key } = await this.#ask<{ key: string }>(first.url, '/admin/v1/keys', {
      method: 'POST',
      body: JSON.stringify({ project, ...(user === undefined ? {} : { user }) }),
    });
    for (const { url } of replicas) await untilKnown(url, key);
    return key;
  }

  /** How the budgets of these subjects stand. @throws where the API does not answer, or does not know one of them */
  async budgets(url: string, subjects: ReadonlySet<string>): Promise<BudgetState[]> {
    if (!this.#names) {
      const { data } = await this.#ask<{ data: readonly BudgetView[] }>(url, '/admin/v1/budgets?limit=500');
      this.#names = new Map(data.map(({ id = '', name }) => [id, name]));
    }
    const states: BudgetState[] = [];
    for (const subject of subjects) {
      const name = this.#names.get(subject);
      if (name === undefined) throw new Error(`there is no budget of ${subject}`);
      states.push(stateOf(await this.#ask<BudgetView>(url, `/admin/v1/budgets/${encodeURIComponent(name)}`)));
    }
    return states;
  }

  /** Hard budgets open a moment after a start, when all that was spent before is counted. */
  async untilCounting(url: string): Promise<void> {
    const deadline = Date.now() + COUNTS_MS;
    for (;;) {
      const answer = await this.#ask(url, '/admin/v1/budgets?limit=1').catch((error: unknown) => error);
      if (!(answer instanceof Error)) return;
      if (Date.now() > deadline) throw answer;
      await pause(POLL_MS);
    }
  }

  async #ask<T>(url: string, path: string, options: RequestInit = {}): Promise<T> {
    const headers = { authorization: `Bearer ${this.#adminKey}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, { ...options, headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}

interface BudgetView {
  readonly name: string;
  /** Whose it is. */
  readonly id?: string;
  readonly usd?: number;
  readonly tokens?: number;
  /** Dollars where it is in dollars, else tokens. */
  readonly used?: number;
  readonly reserved?: number;
}

const NANO_PER_USD = 1e9;

function stateOf({ id = '', usd, tokens, used, reserved }: BudgetView): BudgetState {
  const scale = usd === undefined ? 1 : NANO_PER_USD;
  const whole = (amount: number | undefined): number => Math.round((amount ?? Number.NaN) * scale);
  return {
    subject: id,
    unit: usd === undefined ? 'tokens' : 'usd',
    limit: whole(usd ?? tokens),
    used: whole(used),
    reserved: whole(reserved),
  };
}

async function untilKnown(url: string, key: string): Promise<void> {
  const deadline = Date.now() + KEY_REACHES_ALL_MS;
  while (Date.now() < deadline) {
    const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    await response.arrayBuffer();
    if (response.ok) return;
    await pause(POLL_MS);
  }
  throw new Error(`${url} does not know a new key after ${KEY_REACHES_ALL_MS} ms`);
}
