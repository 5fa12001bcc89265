import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readJournal } from './journal.ts';
import { freePort } from '../test/support/free-port.ts';
import { type Party, type Site, createKey, untilAnswers } from './parties.ts';
import { LONG_PROMPT_BYTES } from './cases.ts';
import { CHAT_PATH, UPSTREAM_MODEL, pacedModel } from './traffic.ts';

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

const PRICE = { input: 0.25, output: 2 };
const PROVIDERS = ['one', 'two'];

/** The longest prompt of the bench passes; the guard reads it all the same. */
const VALIDATION = { maxCharacters: 2 * LONG_PROMPT_BYTES };

/** Answers come from two targets, the faster one first. */
function virtualModel(model: string): object {
  const targets = PROVIDERS.map((provider) => ({ target: `${provider}/${model}` }));
  return { route: { by: 'load', targets }, cache: { exact: {} }, guards: 'default' };
}

/** What a team has on in production. */
function configOf(upstreamOrigin: string): object {
  const upstream = { type: 'openai-compatible', baseUrl: `${upstreamOrigin}/v1`, apiKey: 'bench' };
  const served = [UPSTREAM_MODEL, pacedModel(UPSTREAM_MODEL)];
  return {
    providers: Object.fromEntries(PROVIDERS.map((provider) => [provider, upstream])),
    models: {
      [MODEL]: virtualModel(UPSTREAM_MODEL),
      [pacedModel(MODEL)]: virtualModel(pacedModel(UPSTREAM_MODEL)),
    },
    guards: { default: { validation: VALIDATION, pii: {}, injection: {} } },
    prices: Object.fromEntries(PROVIDERS.flatMap((one) => served.map((model) => [`${one}/${model}`, PRICE]))),
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
