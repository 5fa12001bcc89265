import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readJournal } from './journal.ts';
import { freePort } from '../test/support/free-port.ts';
import { type Party, type Site, createKey, untilAnswers } from './parties.ts';
import { CHAT_PATH, UPSTREAM_MODEL } from './traffic.ts';

/** The gateway without limits, and with them in both ways of counting. */
export const QUOTA_PARTIES = ['without', 'memory', 'redis'] as const;
export type QuotaPartyName = (typeof QUOTA_PARTIES)[number];

const ORGANISATION = 'bench-organisation';
const PROJECT = 'bench';
const USER = 'bench-user';
/** Never reached: what is measured is the counting, not the refusing. */
const PLENTY = 1_000_000;
const MODEL = `upstream/${UPSTREAM_MODEL}`;

/** Five dimensions beside the address, which the shield counts by itself. */
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
  { per: 'user', tokens: PLENTY * 1_000_000 },
];

function configOf(name: QuotaPartyName, upstreamOrigin: string): object {
  return {
    providers: { upstream: { type: 'openai-compatible', baseUrl: `${upstreamOrigin}/v1`, apiKey: 'bench' } },
    prices: { [MODEL]: { input: 0.25, output: 2 } },
    organisations: { [ORGANISATION]: { projects: [PROJECT] } },
    ...(name === 'without' ? { limits: [] } : { limits: LIMITS, budgets: BUDGETS }),
  };
}

/** A gateway of its own on an embedded database; with Redis where it has an address. */
export async function openQuotaParty(name: QuotaPartyName, site: Site, redisUrl: string | undefined): Promise<Party> {
  const port = await freePort();
  const folder = join(site.scratch, name);
  mkdirSync(folder);
  const config = join(folder, 'causeway.yaml');
  const adminKey = randomBytes(32).toString('base64url');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(configOf(name, site.upstreamOrigin)));
  const env = {
    PORT: String(port),
    CAUSEWAY_CONFIG: config,
    CAUSEWAY_DATA_DIR: join(folder, 'data'),
    CAUSEWAY_ADMIN_KEY: adminKey,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  };
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const child = site.launch({ name: `causeway-${name}`, command: [main, 'start'], env });
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
