import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Child } from '../child.ts';
import { freePort, untilAnswers } from '../parties.ts';
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
  readonly databaseUrl: string;
  /** Absent: each counts for itself. */
  readonly redisUrl: string | undefined;
}

const KEY_REACHES_ALL_MS = 10_000;
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
      DATABASE_URL: plan.databaseUrl,
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

  async budgets(url: string): Promise<BudgetState[]> {
    const { data } = await this.#ask<{ data: readonly BudgetView[] }>(url, '/admin/v1/budgets?limit=500');
    return data.flatMap(statesOf);
  }

  async #ask<T>(url: string, path: string, options: RequestInit = {}): Promise<T> {
    const headers = { authorization: `Bearer ${this.#adminKey}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, { ...options, headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}

interface BudgetView {
  readonly subject?: string;
  readonly usd?: number | null;
  readonly tokens?: number | null;
  readonly used?: unknown;
  readonly reserved?: unknown;
}

const NANO_PER_USD = 1e9;

function statesOf(view: BudgetView): BudgetState[] {
  const { subject = '', usd, tokens, used, reserved } = view;
  const states: BudgetState[] = [];
  if (typeof usd === 'number') {
    const nano = (value: unknown): number => Math.round(amountOf(value, 'usd') * NANO_PER_USD);
    states.push({ subject, unit: 'usd', limit: nano(usd), used: nano(used), reserved: nano(reserved) });
  }
  if (typeof tokens === 'number') {
    const [usedTokens, reservedTokens] = [amountOf(used, 'tokens'), amountOf(reserved, 'tokens')];
    states.push({ subject, unit: 'tokens', limit: tokens, used: usedTokens, reserved: reservedTokens });
  }
  return states;
}

/** A number, or one for each unit. */
function amountOf(value: unknown, unit: 'usd' | 'tokens'): number {
  if (typeof value === 'number') return value;
  const inner: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, unit) : undefined;
  return typeof inner === 'number' ? inner : Number.NaN;
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
