import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { parseConfig } from '../../src/config/load.ts';
import type { Call } from '../../src/core/call.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { WholeReply } from '../../src/core/reply.ts';
import { systemScheduler } from '../../src/core/scheduler.ts';
import { buildPolicy } from '../../src/pipeline/guards/engine/build-policy.ts';
import { PolicyBook } from '../../src/pipeline/guards/engine/policy-book.ts';
import { buildScanners } from '../../src/pipeline/guards/scan/build-scanners.ts';
import { ScanDesk } from '../../src/pipeline/guards/scan/desk.ts';
import { screenStage } from '../../src/pipeline/guards/stage.ts';
import { makeCall } from '../../test/support/make-call.ts';
import { SERIAL, UPSTREAM_MODEL, requestBody, wholeAnswer } from '../traffic.ts';

/**
 * `node bench/micro/guards.ts [--bytes 1024] [--rounds 100000]`: what the guards of a usual policy cost the request thread
 * for a clean prompt and its answer, and what the scanning thread spends beside it. Bodies are parsed and calls made
 * outside of what is timed.
 */
const { values: options } = parseArgs({
  options: {
    bytes: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '100000' },
  },
});
const BYTES = Number(options.bytes);
/** Work at once is counted by turn of the loop, which a batch is. */
const BATCH = 20;
const BATCHES = Math.ceil(Number(options.rounds) / BATCH);
const TIMES = 5;

const GUARDS = `guards:\n  p: { validation: { maxCharacters: 1000000 }, pii: {}, injection: {} }\n`;
const settings = parseConfig(GUARDS, { path: 'bench.yaml', env: {} }).config.guards.get('p');
if (!settings) throw new Error('the policy is not there');
const words = new Map<string, readonly string[]>();
const policy = buildPolicy('p', settings, {
  scanners: buildScanners(settings, words),
  words,
  judgeOf: () => ({ ask: () => Promise.reject(new Error('no judge')) }),
});
const policies = new PolicyBook();
policies.replace(new Map([['p', policy]]), new Map());
const desk = new ScanDesk({ scheduler: systemScheduler, said: (_, text) => console.error(text) });
const stage = screenStage({
  policies,
  input: { desk, clock: systemClock, scheduler: systemScheduler, secret: 'a secret' },
  output: {
    clock: systemClock,
    catalog() {
      throw new Error('nobody reads the answer');
    },
  },
  reviews: {
    park: () => Promise.reject(new Error('nothing waits')),
    pass: () => Promise.resolve(undefined),
  },
});

const assignment = {
  virtualModel: 'chat',
  targets: [
    { provider: 'one', model: UPSTREAM_MODEL },
    { provider: 'two', model: UPSTREAM_MODEL },
  ],
  passThroughCredentials: false,
  timeouts: undefined,
  guards: 'p',
};
const principal = { keyId: 'k', project: 'bench', user: 'u', models: undefined };
const text = requestBody(UPSTREAM_MODEL, false, BYTES);
let serial = 10_000_000;

function nextCall(): Call {
  serial += 7919;
  const raw = Buffer.from(text.replace(SERIAL, String(serial).slice(-SERIAL.length)));
  const call = makeCall({ raw, principal, assignment });
  void call.body.json;
  return call;
}

const reply: WholeReply = {
  kind: 'whole',
  status: 200,
  headers: {},
  body: Buffer.from(wholeAnswer()),
  terminal: { kind: 'completed', finishReason: 'stop', usage: undefined },
};
const answered = Promise.resolve(reply);
const next = (): Promise<typeof reply> => answered;

interface Spent {
  thread: number;
  all: number;
  wall: number;
}

async function batch(spent: Spent): Promise<void> {
  const calls = Array.from({ length: BATCH }, nextCall);
  const [thread, all, wall] = [process.threadCpuUsage(), process.cpuUsage(), performance.now()];
  for (const call of calls) if ((await stage.run(call, next)) !== reply) throw new Error('it was not let through');
  const [threadUsed, allUsed] = [process.threadCpuUsage(thread), process.cpuUsage(all)];
  spent.thread += threadUsed.user + threadUsed.system;
  spent.all += allUsed.user + allUsed.system;
  spent.wall += (performance.now() - wall) * 1000;
  const verdicts = calls.at(-1)?.screening?.verdicts ?? [];
  if (verdicts.length !== 3 || verdicts.some(({ outcome }) => outcome !== 'passed')) throw new Error('not all passed');
  await new Promise(setImmediate);
}

// The scanning thread keeps no process alive.
const alive = setInterval(() => {}, 60_000);
const rows = [];
for (let time = 0; time <= TIMES; time += 1) {
  const spent: Spent = { thread: 0, all: 0, wall: 0 };
  for (let at = 0; at < BATCHES; at += 1) await batch(spent);
  const count = BATCHES * BATCH;
  const row = {
    'request thread, µs': spent.thread / count,
    'all threads, µs': spent.all / count,
    'wall, µs': spent.wall / count,
  };
  // The first warms the code up.
  if (time > 0) rows.push(row);
}
console.table(rows);
const least = Math.min(...rows.map((row) => row['request thread, µs']));
console.log(`best: ${least.toFixed(2)} µs of the request thread a request of ${BYTES} bytes`);
clearInterval(alive);
await desk.close();
