import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readJournal } from './journal.ts';
import { freePort } from '../test/support/free-port.ts';
import { type Party, type Site, createKey, untilAnswers } from './parties.ts';
import { CHAT_PATH, UPSTREAM_MODEL } from './traffic.ts';

const ORGANISATION = 'bench-organisation';
const PROJECT = 'bench';
const USER = 'bench-user';
/** Never reached: what is measured is the counting, not the refusing. */
const PLENTY = 1_000_000;
/** The virtual model that the load asks for. */
const MODEL = 'chat';

/** Five dimensions, tokens and concurrency among them, beside the address, which the shield counts by itself. */
const LIMITS = [
  { per: 'ip', requests: `${PLENTY}/1s` },
  { per: 'key', requests: `${PLENTY}/1s` },
  { per: 'user', requests: `${PLENTY}/1s`, tokens: `${PLENTY * 1000}/1m`, concurrency: PLENTY },
  { per: 'project', requests: `${PLENTY}/1s` },
  { per: 'endpoint', requests: `${PLENTY}/1s` },
  { per: 'model', requests: `${PLENTY}/1s` },
];

const BUDGETS = [
  { per: 'organisation', id: ORGANISATION, usd: PLENTY, hard: true, maxOutputTokens: 256 },
  { per: 'project', id: PROJECT, usd: PLENTY },
];

const price = { input: 0.25, output: 2 };

/** What a team has on in production; answers come from two targets, the faster one first. */
function configOf(upstreamOrigin: string): object {
  const upstream = { type: 'openai-compatible', baseUrl: `${upstreamOrigin}/v1`, apiKey: 'bench' };
  return {
    providers: { one: upstream, two: upstream },
    models: {
      [MODEL]: {
        route: { by: 'load', targets: [{ target: `one/${UPSTREAM_MODEL}` }, { target: `two/${UPSTREAM_MODEL}` }] },
        cache: { exact: {} },
        guards: 'default',
      },
    },
    // A long context is one message here.
    guards: { default: { validation: { maxCharacters: 200_000 }, pii: {}, injection: {} } },
    prices: { [`one/${UPSTREAM_MODEL}`]: price, [`two/${UPSTREAM_MODEL}`]: price },
    organisations: { [ORGANISATION]: { projects: [PROJECT] } },
    limits: LIMITS,
    budgets: BUDGETS,
  };
}

export interface EverythingPlan {
  /** Of its folder and its log. */
  readonly name: string;
  /** PostgreSQL; without one, the embedded database. */
  readonly databaseUrl?: string;
  /** Added to the command line: flags of Node are not. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A gateway with everything on: authentication, limits on five dimensions, two budgets, guards, exact cache, routing,
 * breaker, a trace of each request to the journal and from there into the database, metrics.
 */
export async function openEverything(site: Site, plan: EverythingPlan): Promise<Party> {
  const port = await freePort();
  const folder = join(site.scratch, plan.name);
  mkdirSync(folder);
  const config = join(folder, 'causeway.yaml');
  const adminKey = randomBytes(32).toString('base64url');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(configOf(site.upstreamOrigin)));
  const env = {
    PORT: String(port),
    CAUSEWAY_CONFIG: config,
    CAUSEWAY_DATA_DIR: join(folder, 'data'),
    CAUSEWAY_ADMIN_KEY: adminKey,
    ...(plan.databaseUrl !== undefined && { DATABASE_URL: plan.databaseUrl }),
    ...plan.env,
  };
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const child = site.launch({ name: plan.name, command: [main, 'start', ...(plan.args ?? [])], env });
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(child, `${origin}/readyz`);
  return {
    name: 'causeway',
    child,
    url: origin + CHAT_PATH,
    headers: { authorization: `Bearer ${await createKey(origin, adminKey, { project: PROJECT, user: USER })}` },
    model: MODEL,
    journal: () => readJournal(`${origin}/metrics`),
  };
}
