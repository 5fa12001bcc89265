import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Child, ChildPlan } from './child.ts';
import { type Journal, readJournal } from './journal.ts';
import { CHAT_PATH, UPSTREAM_MODEL, pacedModel } from './traffic.ts';
import { freePort } from '../test/support/free-port.ts';

/**
 * Who is measured, in the order of the table: nothing, the least, the known, ours with everything on (on PostgreSQL,
 * and on the embedded database), and ours as it comes.
 */
export const PARTY_NAMES = ['direct', 'floor', 'portkey', 'causeway', 'embedded', 'plain'] as const;
export type PartyName = (typeof PARTY_NAMES)[number];

/** One way from the load to the upstream. */
export interface Party {
  readonly name: PartyName;
  /** The process that is sampled. */
  readonly child: Child;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  /** Of a database that is no child of that process: what it uses is counted too. */
  readonly databasePid?: number;
  /** What it has done with its records so far, if it keeps any. */
  readonly journal?: () => Promise<Journal>;
}

/** What parties are built from. */
export interface Site {
  readonly upstream: Child;
  readonly upstreamOrigin: string;
  /** A folder that is deleted at the end. */
  readonly scratch: string;
  readonly launch: (plan: Omit<ChildPlan, 'logs'>) => Child;
}

const START_MS = 120_000;
const CREDENTIAL = { authorization: 'Bearer bench' };

export function openDirect({ upstream, upstreamOrigin }: Site): Promise<Party> {
  const url = upstreamOrigin + CHAT_PATH;
  return Promise.resolve({ name: 'direct', child: upstream, url, headers: CREDENTIAL, model: UPSTREAM_MODEL });
}

export async function openFloor({ launch, upstreamOrigin }: Site): Promise<Party> {
  const child = launch({ name: 'floor', command: [pathOf('./floor.ts'), upstreamOrigin] });
  const { port } = await child.hear('ready');
  return { name: 'floor', child, url: local(port) + CHAT_PATH, headers: CREDENTIAL, model: UPSTREAM_MODEL };
}

/** Its own folder, package.json and lock: what it depends on stays out of the product. */
function portkeyScript(): string {
  const folder = pathOf('./portkey');
  const script = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (existsSync(script)) return script;
  const npm = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', npm, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('Portkey could not be installed; --parties direct,floor,causeway does without it');
  return script;
}

export async function openPortkey({ launch, upstreamOrigin }: Site): Promise<Party> {
  const port = await freePort();
  const child = launch({ name: 'portkey', command: [portkeyScript(), `--port=${port}`, '--headless'] });
  await untilAnswers(child, `${local(port)}/`);
  const headers = {
    ...CREDENTIAL,
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstreamOrigin}/v1`,
  };
  return { name: 'portkey', child, url: local(port) + CHAT_PATH, headers, model: UPSTREAM_MODEL };
}

/** More of causeway.yaml: lines of one more provider, and whole parts. */
interface MoreConfig {
  readonly provider?: string;
  readonly more?: string;
}

/** As it comes: keys, prices, metrics, records into the embedded database; no limits, no guards, no cache. */
export async function openCauseway(
  { launch, upstreamOrigin, scratch }: Site,
  { provider = '', more = '' }: MoreConfig = {},
): Promise<Party> {
  const port = await freePort();
  const config = join(scratch, 'causeway.yaml');
  const adminKey = randomBytes(32).toString('base64url');
  writeFileSync(config, causewayConfig(upstreamOrigin, provider) + more);
  const env = {
    PORT: String(port),
    CAUSEWAY_CONFIG: config,
    CAUSEWAY_DATA_DIR: join(scratch, 'data'),
    CAUSEWAY_ADMIN_KEY: adminKey,
  };
  const child = launch({ name: 'causeway', command: [pathOf('../src/main.ts'), 'start'], env });
  await untilAnswers(child, `${local(port)}/readyz`);
  return {
    name: 'causeway',
    child,
    url: local(port) + CHAT_PATH,
    headers: { authorization: `Bearer ${await createKey(local(port), adminKey)}` },
    model: `upstream/${UPSTREAM_MODEL}`,
    journal: () => readJournal(`${local(port)}/metrics`),
  };
}

function causewayConfig(upstreamOrigin: string, provider: string): string {
  return `providers:
  upstream: { type: openai-compatible, baseUrl: "${upstreamOrigin}/v1", apiKey: bench }
${provider}
prices:
  upstream/${UPSTREAM_MODEL}: { input: 0.25, output: 2 }
  upstream/${pacedModel(UPSTREAM_MODEL)}: { input: 0.25, output: 2 }
`;
}

export async function createKey(
  origin: string,
  adminKey: string,
  owner: { readonly project: string; readonly user?: string } = { project: 'bench' },
): Promise<string> {
  const response = await fetch(`${origin}/admin/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(owner),
  });
  if (!response.ok) throw new Error(`no key from Causeway: ${response.status} ${await response.text()}`);
  const { key } = (await response.json()) as { key: string };
  return key;
}

export async function untilAnswers(child: Child, url: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (child.running && Date.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return;
    await sleep(50);
  }
  throw child.failure(`did not answer at ${url}`);
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

function local(port: number): string {
  return `http://127.0.0.1:${port}`;
}
