import type { CachePolicy } from '../../src/core/caching.ts';
import type { Assignment, Call, Principal } from '../../src/core/call.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Reply } from '../../src/core/reply.ts';
import { systemScheduler } from '../../src/core/scheduler.ts';
import type { Handler } from '../../src/core/stage.ts';
import { ModelCatalog } from '../../src/models/catalog.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import { LocalFlights } from '../../src/pipeline/cache/coalesce/local-flights.ts';
import { cacheStage } from '../../src/pipeline/cache/stage.ts';
import { MemoryAnswers } from '../../src/pipeline/cache/store/memory-answers.ts';
import { PurgeLog } from '../../src/pipeline/cache/store/purge-log.ts';
import { fakeProvider } from '../../test/support/fake-provider.ts';
import { makeCall } from '../../test/support/make-call.ts';
import { SERIAL, requestBody, wholeAnswer } from '../traffic.ts';

/**
 * `node bench/micro/cache-path.ts`: what the cache stage takes of the request thread, in microseconds of CPU: a miss
 * whose answer is kept, and an exact hit, with the bench's own traffic. What the calls and the target below take by
 * themselves is measured and subtracted.
 */

const BATCH = 200;
const WARM_UP = 400;
const ROUNDS = 1000;
const TIMES = 5;

const POLICY: CachePolicy = {
  scope: 'project',
  exact: { ttl: 3_600_000, maxAnswer: 1_000_000, maxTemperature: undefined, tools: true },
  coalesce: true,
  semantic: undefined,
  tokensPerSecond: undefined,
};
const ASSIGNMENT: Assignment = {
  virtualModel: 'chat',
  targets: [
    { provider: 'one', model: 'bench-1' },
    { provider: 'two', model: 'bench-1' },
  ],
  passThroughCredentials: false,
  timeouts: undefined,
  version: 'f00d',
  cache: POLICY,
};
const PRINCIPAL: Principal = { keyId: 'key_1', project: 'bench', organisation: 'o', user: 'u', models: undefined };
const USAGE = { inputTokens: 210, outputTokens: 62 };
const ANSWER = Buffer.from(wholeAnswer());
const BODY = Buffer.from(requestBody('chat', false));
const SERIAL_AT = BODY.indexOf(SERIAL);

const catalog = new ModelCatalog({
  providers: ['one', 'two'].map((name) => fakeProvider('openai-compatible', { name }).provider),
  virtualModels: [],
  prices: new PriceBook({}),
  passThroughProviders: new Set(),
});
const store = new MemoryAnswers({ maxBytes: 128 * 1024 * 1024, clock: systemClock, purges: new PurgeLog() });
const scheduler = systemScheduler;
const stage = cacheStage({
  catalog: () => catalog,
  clock: systemClock,
  scheduler,
  store,
  flights: new LocalFlights({ clock: systemClock, scheduler, random: Math.random }),
  semantic: { look: () => Promise.resolve({ kind: 'ask' }), purge: () => 0 },
});

let serial = 0;

/** As the edge and the stages before make them; the body has been parsed by then. */
function callWith(raw: Buffer): Call {
  const call = makeCall({
    principal: PRINCIPAL,
    assignment: ASSIGNMENT,
    raw,
    facts: { model: 'chat' },
    headers: { host: '127.0.0.1', authorization: 'Bearer bench', 'content-type': 'application/json' },
  });
  return call.body.json && call;
}

function nextBody(): Buffer {
  const raw = Buffer.from(BODY);
  serial += 1;
  raw.write(String(serial).padStart(SERIAL.length, '0'), SERIAL_AT, 'latin1');
  return raw;
}

/** What stands behind the stage: one attempt, and its answer. */
const target: Handler = async (call): Promise<Reply> => {
  const attempt = call.attempts.open({
    target: 'one/bench-1',
    priceVersion: 'v1',
    reservedNanoUsd: undefined,
    retryOf: undefined,
    simulated: false,
  });
  attempt.sentAt = 0;
  attempt.responseModel = 'bench-1';
  await Promise.resolve();
  attempt.close(1, { outcome: 'completed', usage: USAGE, usageSource: 'reported', costNanoUsd: 700 });
  const terminal = { kind: 'completed', finishReason: 'stop', usage: USAGE } as const;
  return { kind: 'whole', status: 200, headers: { 'content-type': 'application/json' }, body: ANSWER, terminal };
};

let kept: unknown;

/** Microseconds of this thread for each call. */
async function measure(bodies: () => Buffer, handle: Handler): Promise<number> {
  const calls: Call[] = [];
  for (let at = 0; at < BATCH; at += 1) calls.push(callWith(bodies()));
  const before = process.threadCpuUsage();
  for (const call of calls) kept = await handle(call);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / BATCH;
}

async function best(name: string, bodies: () => Buffer, handle: Handler): Promise<[string, number]> {
  for (let round = 0; round < WARM_UP; round += 1) await measure(bodies, handle);
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < TIMES; time += 1) {
    let sum = 0;
    for (let round = 0; round < ROUNDS / TIMES; round += 1) sum += await measure(bodies, handle);
    least = Math.min(least, sum / (ROUNDS / TIMES));
  }
  return [name, least];
}

const throughStage: Handler = (call) => stage.run(call, target);
const same = (): Buffer => Buffer.from(BODY);
const [, alone] = await best('target', nextBody, target);
const [, miss] = await best('miss', nextBody, throughStage);
const [, hit] = await best('hit', same, throughStage);
const held = store.stats;
console.table({
  'target alone': alone.toFixed(2),
  'miss and store': (miss - alone).toFixed(2),
  hit: hit.toFixed(2),
});
if (kept === undefined || held.hits === 0 || held.misses === 0) throw new Error('nothing was measured');
