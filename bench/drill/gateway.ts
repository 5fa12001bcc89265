import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ListedTraceView } from '../../src/records/traces/view-schema.ts';
import type { Child } from '../child.ts';
import { freePort } from '../../test/support/free-port.ts';
import { createKey, untilAnswers } from '../parties.ts';
import type { Launch } from './site.ts';

export interface DrillGateway {
  readonly url: string;
  readonly key: string;
  /** The records of all requests for a model, the oldest first. */
  traces(model: string): Promise<ListedTraceView[]>;
  /** What the admin API answers to a GET of this path, under `/admin/v1/`. */
  read(path: string): Promise<unknown>;
  /** MB of heap and of what hangs on it, after a forced collection. */
  memoryMb(): Promise<number>;
  /** CPU of the request thread since its start, in seconds. */
  threadCpuS(): Promise<number>;
  /** MB that are resident now (Linux). */
  residentMb(): number;
  /** Open files and sockets (Linux). */
  descriptors(): number;
}

const MB = 1024 ** 2;
const PAGE = 500;
const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** `causeway start` from source, with this causeway.yaml, until it takes requests. */
export async function startGateway(launch: Launch, folder: string, config: object): Promise<DrillGateway> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const file = join(folder, 'causeway.yaml');
  const adminKey = randomBytes(32).toString('base64url');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  const child = launch({
    name: 'gateway',
    command: ['--import', pathOf('./memory-probe.ts'), pathOf('../../src/main.ts'), 'start'],
    env: {
      PORT: new URL(url).port,
      CAUSEWAY_CONFIG: file,
      CAUSEWAY_DATA_DIR: join(folder, 'data'),
      CAUSEWAY_ADMIN_KEY: adminKey,
      DRILL_MEMORY: 'armed',
    },
  });
  await untilAnswers(child, `${url}/readyz`);
  const key = await createKey(url, adminKey);
  return {
    url,
    key,
    traces: async (model) => (await readTraces(url, adminKey, model)).toReversed(),
    read: (path) => readAdmin(url, adminKey, path),
    memoryMb: () => memoryOf(child),
    threadCpuS: async () => (await child.ask('sample')).threadCpuUs / 1e6,
    residentMb: () => residentOf(child.pid),
    descriptors: () => readdirSync(`/proc/${child.pid}/fd`).length,
  };
}

async function readAdmin(url: string, adminKey: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}/admin/v1/${path}`, { headers: { authorization: `Bearer ${adminKey}` } });
  if (!response.ok) throw new Error(`Causeway answered ${response.status} to ${path}: ${await response.text()}`);
  return response.json();
}

async function readTraces(url: string, adminKey: string, model: string): Promise<ListedTraceView[]> {
  const traces: ListedTraceView[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = new URLSearchParams({ model, limit: String(PAGE), ...(cursor === '' ? {} : { cursor }) });
    const response = await fetch(`${url}/admin/v1/traces?${query.toString()}`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    if (!response.ok) throw new Error(`no traces from Causeway: ${response.status} ${await response.text()}`);
    const page = (await response.json()) as { data: ListedTraceView[]; next: string | null };
    traces.push(...page.data);
    cursor = page.next;
  }
  return traces;
}

async function memoryOf(child: Child): Promise<number> {
  const { heapUsed, external } = await child.ask('memory');
  return (heapUsed + external) / MB;
}

function residentOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
