import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { AttemptLedger } from '../../src/core/attempts.ts';
import type { Call, Principal } from '../../src/core/call.ts';
import { systemClock } from '../../src/core/clock.ts';
import { newTraceId } from '../../src/core/ids.ts';
import type { WholeReply } from '../../src/core/reply.ts';
import { causewayHeaders, costHeader } from '../../src/core/reply-headers.ts';
import type { Screening, Verdict } from '../../src/core/screening.ts';
import { SpanLedger } from '../../src/core/spans.ts';
import { usageOf } from '../../src/core/usage.ts';
import { PromptCacheDoctor } from '../../src/pipeline/prompt-cache/doctor/doctor.ts';
import { createRecorder } from '../../src/pipeline/recording/stage.ts';
import { Vigilance } from '../../src/pipeline/vigilance/vigilance.ts';
import { Admission } from '../../src/records/journal/admission.ts';
import { EntryBuffer } from '../../src/records/journal/entry-buffer.ts';
import { entryLength } from '../../src/records/journal/entry-codec.ts';
import type { CallRecord, CallTexts, RecordPolicy, RecordSink } from '../../src/records/journal/record.ts';
import { WaitingRecords } from '../../src/records/journal/waiting-records.ts';
import { Pulse } from '../../src/records/live/pulse.ts';
import { createMetrics } from '../../src/records/metrics/metrics.ts';
import { configOf } from '../../test/support/config-of.ts';
import { makeCall } from '../../test/support/make-call.ts';
import { UPSTREAM_MODEL, requestBody, wholeAnswer } from '../traffic.ts';

/**
 * `node bench/micro/records.ts [part of a name]`: CPU of the request thread from the end of a request to its record's bytes in the chunk
 * that the disk gets, metrics and all who watch records included. One request as with everything on: three verdicts,
 * two patches, a choice of targets.
 */

const WARM_UP = 60_000;
const TIMES = 50_000;
const ROUNDS = 5;
const AT_ONCE = 1000;

const POLICY: RecordPolicy = { bodies: 'redacted', sample: 1, retentionClass: '', search: true };
const PRINCIPAL: Principal = {
  keyId: 'key_ce3139629ce1713dd2f27973',
  project: 'bench',
  organisation: 'bench-organisation',
  user: 'bench-user',
  models: undefined,
};
const TARGET = `one/${UPSTREAM_MODEL}`;
const PRICE_VERSION = `config:${TARGET}#5f71ba4afae2`;
const RAW = Buffer.from(requestBody('chat', false));
const BODIES = Array.from({ length: AT_ONCE }, () => Buffer.from(RAW));
const ANSWER = Buffer.from(wholeAnswer());
const COMPLETED = { kind: 'completed', finishReason: 'stop', usage: undefined } as const;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
const collectYoung = (): void => collect({ type: 'minor' });

/** Keeps results reachable, so that the compiler cannot leave the work out. */
let kept: unknown;

/** The journal without its disk: what it takes is thrown away chunk by chunk. */
function chunkSink(): RecordSink {
  const plenty = { maxBytes: 1e9, maxUnsyncedBytes: 1e9, maxBodyBytes: 1e6, changed: () => {} };
  const admission = new Admission(plenty, { bytes: 0, unsyncedBytes: 0 });
  const buffer = new EntryBuffer();
  const marker = Buffer.from('a marker');
  const waiting = new WaitingRecords();
  return {
    append(record, texts) {
      waiting.add(record, texts);
      if (waiting.isFull) for (const one of waiting.take()) encode(one.record, one.texts);
    },
  };

  function encode(record: CallRecord, texts: CallTexts): void {
    const entry = admission.admit(record, texts);
    if (!entry) throw new Error('there is room');
    if (!buffer.hasRoomFor(entryLength(entry))) buffer.recycle(buffer.take().bytes.buffer);
    buffer.add(entry, { marker, appendedAt: 0 }, 0);
  }
}

/** Who looks at records beside the journal, where nothing is set: as the gateway has them. */
function observers(): (record: CallRecord, call: Call) => void {
  const clock = systemClock;
  const metrics = createMetrics({
    version: '0',
    recordStats: () => {
      throw new Error('nobody asks');
    },
    pressures: () => [],
    resilience: { targets: () => [], providerKeys: () => [], retriesRefused: () => 0 } as never,
    quotas: { outstanding: () => 0, exact: () => true },
    databaseUp: () => true,
  });
  const pulse = new Pulse();
  const { vigilance: settings } = configOf('');
  const nobody = { raise: () => {}, resolve: () => {} } as never;
  const vigilance = new Vigilance({
    settings: () => settings,
    clock,
    events: nobody,
    blocks: { impose: () => {} } as never,
  });
  const doctor = new PromptCacheDoctor({
    clock,
    priceOf: () => undefined,
    leastTokens: () => 1024,
    metrics: metrics.promptCache,
    onFailure: () => {},
  });
  return (record, call) => {
    metrics.calls.observeSoon(record);
    pulse.observe(record);
    vigilance.observe(call, record);
    doctor.observe(call, record);
  };
}

function verdict(guard: string, score: number | undefined, micros: number): Verdict {
  return { guard, place: 'input', outcome: 'passed', score, found: undefined, went: undefined, micros };
}

/** A request up to its end, as the stages inside leave it. */
function callAt(turn: number): Call {
  const receivedAt = systemClock.now();
  const startedAt = systemClock.monotonic() - 80;
  const attempts = new AttemptLedger();
  const raw = BODIES[turn % AT_ONCE] ?? RAW;
  raw.writeUInt32LE(turn, raw.length - 16);
  const attempt = attempts.open({
    target: TARGET,
    kind: 'first',
    priceVersion: PRICE_VERSION,
    reservedNanoUsd: 1000,
    retryOf: undefined,
    simulated: false,
  });
  attempt.sentAt = startedAt + 1 + turn / 1e6;
  attempt.httpStatus = 200;
  attempt.responseModel = UPSTREAM_MODEL;
  attempt.patches = [{ op: 'set', path: '/model', value: UPSTREAM_MODEL }];
  const usage = usageOf({ inputTokens: 210, outputTokens: 62, cacheReadInputTokens: undefined });
  const cost = { costNanoUsd: 176_500, costSource: 'priced', usageSource: 'reported' } as const;
  attempt.close(startedAt + 79, { outcome: 'completed', usage, ...cost });
  const call = makeCall({ raw, attempts, receivedAt, startedAt, facts: { model: 'chat' }, id: newTraceId(receivedAt) });
  call.body.patch({ op: 'set', path: '/max_tokens', value: 256 });
  call.principal = PRINCIPAL;
  call.assignment = { virtualModel: 'chat', targets: [], passThroughCredentials: false, timeouts: undefined };
  const reason = `the less busy of two picked at random from 2: ${turn % 9} under way at 507 ms against 3 under way at 437 ms`;
  call.routing = { policy: 'load', target: TARGET, reason };
  call.cache = { state: 'miss' };
  call.screening = {
    policies: ['default'],
    verdicts: [
      verdict('validation', undefined, 6),
      verdict('pii', 0, turn % 50),
      verdict('injection', 0.0241, turn % 70),
    ],
    isWhollySeen: true,
    concealJson: (bytes: Buffer) => bytes,
  } as unknown as Screening;
  return call;
}

const REPLY: WholeReply = { kind: 'whole', status: 200, headers: {}, body: ANSWER, terminal: COMPLETED };

const policyOf = () => POLICY;
const answered = () => Promise.resolve(REPLY);
const nothing = () => {};

async function main(): Promise<void> {
  const observe = observers();
  const sink = chunkSink();
  const silent: RecordSink = { append: () => {} };
  const recorder = (to: RecordSink, watch: typeof observe) =>
    createRecorder({ sink: to, policyOf, clock: systemClock, observe: watch, inFlight: () => {} }).stage;
  const run = (stage: ReturnType<typeof recorder>) => (call: Call) => stage.run(call, answered);
  await measure('nothing but the loop', () => Promise.resolve(REPLY));
  await measure('record alone', run(recorder(silent, nothing)));
  await measure('record and journal', run(recorder(sink, nothing)));
  await measure('record and watchers', run(recorder(silent, observe)));
  await measure('all of it', run(recorder(sink, observe)));
  await measure('headers', (call) => Promise.resolve([causewayHeaders(call), costHeader(call)]));
  await measure('id and ledgers', () =>
    Promise.resolve([newTraceId(systemClock.now()), new AttemptLedger(), new SpanLedger()]),
  );
}

/** Calls are made beforehand, a thousand at a time: making them is not measured, nor is collecting what they leave. */
async function measure(name: string, run: (call: Call) => Promise<unknown>): Promise<void> {
  const [part = ''] = process.argv.slice(2);
  if (!name.includes(part)) return;
  await round(run, WARM_UP);
  let best = Number.POSITIVE_INFINITY;
  for (let at = 0; at < ROUNDS; at += 1) best = Math.min(best, await round(run, TIMES));
  console.log(`${name.padEnd(24)} ${best.toFixed(2).padStart(7)} µs`);
}

async function round(run: (call: Call) => Promise<unknown>, times: number): Promise<number> {
  let micros = 0;
  for (let done = 0; done < times; done += AT_ONCE) {
    const calls = Array.from({ length: AT_ONCE }, (_, at) => callAt(done + at));
    collectYoung();
    const before = process.threadCpuUsage();
    for (const call of calls) kept = await run(call);
    const { user, system } = process.threadCpuUsage(before);
    micros += user + system;
  }
  return micros / times;
}

await main();
if (kept === undefined) throw new Error('nothing was measured');
