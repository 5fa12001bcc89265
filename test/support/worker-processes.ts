import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

import { type GatewayProcess, startProcess } from './gateway-process.ts';
import { parseExposition } from './parse-exposition.ts';

const ADMIN_KEY = 'admin-key-of-the-tests-0123456789';
/** On a busy machine a worker takes its time to start. */
export const PATIENCE_MS = 60_000;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Over a connection of its own, so that the next worker gets it. */
async function send(
  url: string,
  { method = 'GET', key = ADMIN_KEY, body, headers = {} }: Asked = {},
): Promise<IncomingMessage> {
  const sent = request(url, {
    method,
    agent: false,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }), ...headers },
  });
  sent.end(body && JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

interface Asked {
  readonly method?: string;
  readonly key?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function ask(url: string, asked?: Asked): Promise<Answer> {
  const response = await send(url, asked);
  return { status: response.statusCode ?? 0, headers: response.headers, text: await textOf(response) };
}

/** Asks again and again until it is so. */
export async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const began = performance.now();
  while (!(await isSo())) assert.ok(performance.now() - began < PATIENCE_MS, `it never was so: ${what}`);
}

export interface Workers extends GatewayProcess {
  chat(key: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<IncomingMessage>;
  admin(path: string, asked?: Asked): Promise<Record<string, unknown>>;
  makeKey(project: string): Promise<string>;
  /** The sum over all samples of a metric with these labels. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** Process numbers of so many workers. */
  pids(count: number): Promise<number[]>;
}

/** `causeway start` with two workers, unless the environment says another number. */
export async function startWorkers(
  t: TestContext,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Workers> {
  mkdirSync(folder, { recursive: true });
  const gateway = await startProcess(t, folder, { CAUSEWAY_ADMIN_KEY: ADMIN_KEY, CAUSEWAY_WORKERS: '2', ...env });
  const { url } = gateway;
  const messages = [{ role: 'user', content: 'Hi' }];
  async function admin(path: string, asked?: Asked): Promise<Record<string, unknown>> {
    const { status, text } = await ask(`${url}/admin/v1${path}`, asked);
    assert.ok(status < 300, text);
    return JSON.parse(text) as Record<string, unknown>;
  }
  return {
    ...gateway,
    admin,
    chat: (key, body = {}, headers = {}) =>
      send(`${url}/v1/chat/completions`, { method: 'POST', key, body: { model: 'chat', messages, ...body }, headers }),
    async makeKey(project) {
      const { key } = await admin('/keys', { method: 'POST', body: { project } });
      return String(key);
    },
    async metric(name, labels = {}) {
      const { samples } = parseExposition((await ask(`${url}/metrics`)).text);
      const found = samples.filter(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      );
      return found.reduce((sum, { value }) => sum + value, 0);
    },
    async pids(count) {
      const pids = new Set<number>();
      await until(async () => {
        const { pid } = await admin('/status');
        pids.add(Number(pid));
        return pids.size === count;
      }, `${count} workers answer`);
      return [...pids];
    },
  };
}
