import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { untilPrinted } from '../scripts/until-printed.ts';
import {
  type FieldOrder,
  type HashingUpstream,
  generatedFile,
  startHashingUpstream,
  uploadForm,
} from '../test/support/uploads.ts';

/**
 * `npm run drill:upload`: a large file goes through a gateway in a process of its own, whose memory is watched. It
 * fails where the process grows by more than the limit, or where what arrives is not what was sent.
 */
const MB = 1024 ** 2;
const GROWTH_LIMIT_MB = 30;
/** Less than what V8 lets lie dead before it looks for it: the large uploads must not find that room made. */
const WARM_UP_MB = 5;
const WARM_UP_CHATS = 200;
const SAMPLE_MS = 20;
const SETTLE_MS = 2000;
const START_LIMIT_MS = 60_000;
const MAIN = resolve(import.meta.dirname, '../src/main.ts');

const { values } = parseArgs({
  options: { mb: { type: 'string', default: '200' }, rounds: { type: 'string', default: '1' } },
});

interface Figures {
  readonly order: FieldOrder;
  readonly seconds: number;
  readonly beforeMb: number;
  readonly peakMb: number;
  readonly afterMb: number;
}

interface Gateway {
  readonly pid: number;
  readonly url: string;
  readonly key: string;
}

/** In MB: what is resident now, and the most that ever was. */
function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** Linux forgets the peak where it is asked to; the samples stand in where it does not. */
function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    console.log('The peak of the process cannot be reset here; it is taken from samples.');
  }
}

async function upload(
  gateway: Gateway,
  upstream: HashingUpstream,
  megabytes: number,
  order: FieldOrder,
): Promise<void> {
  const file = generatedFile(megabytes * MB);
  const { status, text } = await uploadForm(gateway.url, gateway.key, 'up/whisper-1', file, order);
  assert.equal(status, 200, text);
  const received = upstream.received.at(-1);
  assert.equal(received?.fields['model'], 'whisper-1');
  assert.deepEqual(received?.files, [{ name: 'file', filename: 'long.wav', bytes: file.bytes, sha256: file.sha256() }]);
}

/** Loads what every process has loaded that has been asked something. */
async function warmUp(gateway: Gateway, upstream: HashingUpstream, orders: readonly FieldOrder[]): Promise<void> {
  const body = JSON.stringify({ model: 'sim/echo', messages: [{ role: 'user', content: 'Hello '.repeat(200) }] });
  const headers = { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' };
  for (let sent = 0; sent < WARM_UP_CHATS; sent += 1) {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body });
    assert.equal(response.status, 200, await response.text());
  }
  for (const order of orders) await upload(gateway, upstream, WARM_UP_MB, order);
}

async function drill(
  gateway: Gateway,
  upstream: HashingUpstream,
  megabytes: number,
  order: FieldOrder,
): Promise<Figures> {
  await pause(SETTLE_MS);
  forgetPeak(gateway.pid);
  const before = memoryOf(gateway.pid);
  const isReset = before.peak - before.now < 1;
  let sampled = before.now;
  const sampler = setInterval(() => {
    sampled = Math.max(sampled, memoryOf(gateway.pid).now);
  }, SAMPLE_MS);
  const started = performance.now();
  await upload(gateway, upstream, megabytes, order);
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampler);
  const after = memoryOf(gateway.pid);
  return {
    order,
    seconds,
    beforeMb: before.now,
    peakMb: isReset ? after.peak : sampled,
    afterMb: after.now,
  };
}

function report({ order, seconds, beforeMb, peakMb, afterMb }: Figures, megabytes: number): void {
  const growth = peakMb - beforeMb;
  console.log(
    `${order.padEnd(12)} ${megabytes} MB in ${seconds.toFixed(2)} s; resident before ${beforeMb.toFixed(1)} MB, ` +
      `peak ${peakMb.toFixed(1)} MB (+${growth.toFixed(1)}), after ${afterMb.toFixed(1)} MB`,
  );
  if (growth >= GROWTH_LIMIT_MB) process.exitCode = 1;
}

async function run(): Promise<void> {
  const megabytes = Number(values.mb);
  const folder = mkdtempSync(join(tmpdir(), 'causeway-drill-'));
  const upstream = await startHashingUpstream();
  writeFileSync(
    join(folder, 'causeway.yaml'),
    `providers:\n  up: { type: openai-compatible, apiKey: upstream-key, baseUrl: "${upstream.url}/v1" }\n`,
  );
  const child = spawn(process.execPath, [...process.execArgv, MAIN, 'start'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', CAUSEWAY_DATA_DIR: join(folder, 'data'), NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const [key = '', url = ''] = await untilPrinted(
      child,
      [/API key +(cw-\S+)/, /listening on (http:\S+)/],
      START_LIMIT_MS,
    );
    const gateway: Gateway = { pid: child.pid ?? 0, url, key };
    const orders: readonly FieldOrder[] = ['model first', 'file first'];
    await warmUp(gateway, upstream, orders);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const order of orders) report(await drill(gateway, upstream, megabytes, order), megabytes);
    }
    assert.deepEqual(readdirSync(join(folder, 'data', 'uploads')), [], 'nothing stays on disk');
    console.log(`The files arrived as they were sent; a growth under ${GROWTH_LIMIT_MB} MB is what is promised.`);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await run();
