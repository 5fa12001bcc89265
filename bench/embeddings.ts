import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { untilPrinted } from '../scripts/until-printed.ts';

/**
 * Many requests for the embedding of one text each, against a provider that answers after some time: how many of them
 * reach the provider, and how long each waits. `npm run bench:embeddings -- --requests 10000 --clients 64`.
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    clients: { type: 'string', default: '64' },
    answer: { type: 'string', default: '20ms' },
    window: { type: 'string', default: '10ms' },
    dimensions: { type: 'string', default: '256' },
  },
});

const MAIN = resolve(import.meta.dirname, '../src/main.ts');
const START_MS = 60_000;
const WARM_UP_REQUESTS = 1000;
const ADMIN_KEY = 'cw-admin-0123456789abcdefghijklmnopqrstuvwxyzABCDE';

const agent = new Agent({ keepAlive: true, maxSockets: Number(values.clients) });

function start(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const own = { PATH: process.env['PATH'], CAUSEWAY_DATA_DIR: join(folder, 'data'), CAUSEWAY_ADMIN_KEY: ADMIN_KEY };
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function send(url: string, key: string, body: string): Promise<number> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((done, failed) => {
    const began = performance.now();
    const sent = httpRequest(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 200) done(performance.now() - began);
        else failed(new Error(`status ${answer.statusCode}`));
      });
    });
    sent.on('error', failed).end(body);
  });
}

/** Sends so many, so many at a time. @returns milliseconds of each, sorted */
async function load(url: string, key: string, requests: number): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < requests) {
      const text = `text number ${next}`;
      next += 1;
      const body = { model: 'up/text-embedding-3-small', input: text, dimensions: Number(values.dimensions) };
      times.push(await send(url, key, JSON.stringify(body)));
    }
  };
  await Promise.all(Array.from({ length: Number(values.clients) }, client));
  return times.toSorted((a, b) => a - b);
}

async function upstreamCalls(simulator: string): Promise<number> {
  const stats = (await (await fetch(`${simulator}/stats`)).json()) as { requests: number };
  return stats.requests;
}

const at = (times: readonly number[], part: number): string =>
  (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(1);

const folder = mkdtempSync(join(tmpdir(), 'causeway-embeddings-'));
const children: ChildProcess[] = [];
try {
  const simulator = start(folder, ['simulate', '--port', '0', '--ttft', values.answer]);
  children.push(simulator);
  const [simulatorUrl = ''] = await untilPrinted(simulator, [/listens on (http:[^\s:]+:\d+)/], START_MS);
  writeFileSync(
    join(folder, 'causeway.yaml'),
    `providers:\n  up: { type: openai, apiKey: k, baseUrl: "${simulatorUrl}/v1" }\nembeddings: { window: ${values.window} }\n`,
  );
  const gateway = start(folder, ['start'], { PORT: '0' });
  children.push(gateway);
  const [url = '', key = ''] = await untilPrinted(gateway, [/listening on (http:\S+)/, /(cw-[\w-]+)/], START_MS);
  await load(`${url}/v1/embeddings`, key, WARM_UP_REQUESTS);
  const before = await upstreamCalls(simulatorUrl);
  const times = await load(`${url}/v1/embeddings`, key, Number(values.requests));
  const calls = (await upstreamCalls(simulatorUrl)) - before;
  console.log(
    `${values.requests} requests, ${values.clients} at a time, a provider that answers after ${values.answer}, window ${values.window}:`,
  );
  console.log(`  upstream calls ${calls}, ${(Number(values.requests) / calls).toFixed(1)} requests each`);
  console.log(`  ms: p50 ${at(times, 0.5)}, p90 ${at(times, 0.9)}, p99 ${at(times, 0.99)}`);
} finally {
  for (const child of children) child.kill('SIGTERM');
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
