import { AttemptLedger } from '../../src/core/attempts.ts';
import { CallBody } from '../../src/core/call-body.ts';
import type { Call } from '../../src/core/call.ts';
import { Cancellation } from '../../src/core/cancellation.ts';
import { systemClock } from '../../src/core/clock.ts';
import { NO_NEEDS } from '../../src/core/inference/needs.ts';
import type { Reply, StreamSink } from '../../src/core/reply.ts';
import type { RoutePlan } from '../../src/core/routing.ts';
import { systemScheduler } from '../../src/core/scheduler.ts';
import { SpanLedger } from '../../src/core/spans.ts';
import { compose } from '../../src/core/stage.ts';
import { ModelCatalog } from '../../src/models/catalog.ts';
import { EmbeddingBatcher } from '../../src/models/embeddings/batcher.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import { createOpenAiCompatibleProvider } from '../../src/models/providers/openai-compatible/adapter.ts';
import type { Transport, UpstreamExchange, UpstreamHandler } from '../../src/models/transport/transport.ts';
import { assignStage } from '../../src/pipeline/assignment/stage.ts';
import { promptStage } from '../../src/pipeline/prompts/stage.ts';
import { KeyPools } from '../../src/pipeline/resilience/keys/key-pools.ts';
import { RetryBudgets } from '../../src/pipeline/resilience/retry/retry-budgets.ts';
import { TargetStates } from '../../src/pipeline/resilience/route/target-state.ts';
import { attemptStage } from '../../src/pipeline/resilience/stage.ts';
import { cascadeStage } from '../../src/pipeline/routing/cascade/stage.ts';
import { ruleStage } from '../../src/pipeline/routing/rules/stage.ts';
import { RoutingSignals } from '../../src/pipeline/routing/signals/routing-signals.ts';
import { routeStage } from '../../src/pipeline/routing/stage.ts';
import { UPSTREAM_MODEL, requestBody, streamFrames, wholeAnswer } from '../traffic.ts';

/**
 * `node bench/micro/upstream.ts [part of a name]`: CPU of one call from the choice of its target to the end of the answer, with a
 * transport that answers from memory. Microseconds per call, the best of some rounds.
 */

const WARM_UP = 60_000;
const CALLS = 40_000;
const ROUNDS = 5;
const PROVIDERS = ['one', 'two'];

const unasked = (): never => {
  throw new Error('nobody asks');
};

let waiting: UpstreamHandler | undefined;
const exchange: UpstreamExchange = { pause() {}, resume() {}, abort() {} };
const transport: Transport = {
  send(_, handler) {
    waiting = handler;
    return exchange;
  },
  close: () => Promise.resolve(),
};

function openPipeline(): (call: Call) => Promise<Reply> {
  const providers = PROVIDERS.map((name) =>
    createOpenAiCompatibleProvider(
      { name, baseUrl: 'http://127.0.0.1:9/v1', apiKeys: ['bench'], headers: {}, models: [] },
      transport,
    ),
  );
  const targets = PROVIDERS.map((provider) => ({ provider, model: UPSTREAM_MODEL }));
  const prices = Object.fromEntries(PROVIDERS.map((one) => [`${one}/${UPSTREAM_MODEL}`, { input: 0.25, output: 2 }]));
  const route: RoutePlan = {
    by: 'load',
    candidates: targets.map((target) => ({ target, weight: 1, quality: undefined, tiers: [] })),
    rules: [],
    sticky: 'none',
    complexity: undefined,
    cascade: undefined,
    reference: undefined,
  };
  const [target = { provider: '', model: '' }] = targets;
  const catalog = new ModelCatalog({
    providers,
    virtualModels: [{ name: 'chat', target, route, passThroughCredentials: false, timeouts: undefined }],
    prices: new PriceBook(prices),
    passThroughProviders: new Set(),
  });
  const clock = systemClock;
  const scheduler = systemScheduler;
  const targetStates = new TargetStates({ clock, scheduler });
  const resilience = {
    catalog: () => catalog,
    clock,
    scheduler,
    random: Math.random,
    batcher: new EmbeddingBatcher(() => ({ window: 0, parallel: 16 })),
    holdHeadersMs: () => 1000,
    targets: targetStates,
    budgets: new RetryBudgets(clock),
    keys: new KeyPools({ clock, random: Math.random, onKeyRefused() {}, onKeyAccepted() {} }),
    isReady: () => true,
  };
  const routing = {
    catalog: () => catalog,
    clock,
    random: Math.random,
    signals: new RoutingSignals(),
    health: { isOpen: () => false },
    complexity: () => undefined,
  };
  return compose([
    assignStage({ catalog: () => catalog, mayUseModel: () => true }),
    promptStage({ catalog: () => catalog }),
    ruleStage,
    routeStage(routing),
    cascadeStage({ catalog: () => catalog, clock, judges: unasked, embed: unasked } as never),
    attemptStage(resilience),
  ]);
}

const bodies = { whole: Buffer.from(requestBody('chat', false)), stream: Buffer.from(requestBody('chat', true)) };

function callOf(stream: boolean): Call {
  const body = new CallBody(stream ? bodies.stream : bodies.whole);
  void body.json;
  return {
    id: '0192f0c1d2e37000800000000000abcd',
    receivedAt: Date.now(),
    startedAt: performance.now(),
    dialect: 'openai',
    operation: 'chat',
    endpoint: '/v1/chat/completions',
    query: '',
    headers: { 'content-type': 'application/json', authorization: 'Bearer cw-x', host: 'localhost' },
    clientIp: '127.0.0.1',
    body,
    facts: { model: 'chat', stream, user: undefined, metadata: undefined, conversationId: undefined, priority: 5 },
    cancellation: new Cancellation(),
    attempts: new AttemptLedger(),
    spans: new SpanLedger(),
    traceContext: undefined,
    warnings: [],
    needs: NO_NEEDS,
    get inference() {
      return unasked();
    },
    get embedding() {
      return unasked();
    },
    form: undefined,
    resource: undefined,
    principal: undefined,
    assignment: undefined,
  };
}

const WHOLE = Buffer.from(wholeAnswer());
const WHOLE_HEAD = { 'content-type': 'application/json', 'content-length': String(WHOLE.length) };
const STREAM_HEAD = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
const FRAMES = streamFrames(true);

function inReads(size: number): Buffer[] {
  const reads: Buffer[] = [];
  for (let at = 0; at < FRAMES.length; at += size) reads.push(Buffer.from(FRAMES.slice(at, at + size).join('')));
  return reads;
}

let answered = 0;
const sink: StreamSink = {
  item: () => true,
  terminal({ kind }) {
    if (kind === 'completed') answered += 1;
  },
};

type Shape = readonly [name: string, head: Record<string, string>, reads: readonly Buffer[]];
const SHAPES: readonly Shape[] = [
  ['not streamed', WHOLE_HEAD, [WHOLE]],
  ['streamed, 64 events in few reads', STREAM_HEAD, inReads(16)],
  ['streamed, one event a read', STREAM_HEAD, inReads(1)],
];

const run = openPipeline();

async function once([, head, reads]: Shape): Promise<void> {
  const replying = run(callOf(head === STREAM_HEAD));
  const handler = waiting;
  if (!handler) {
    await replying;
    throw new Error('nothing was sent');
  }
  handler.head(200, { ...head });
  let rest = reads;
  if (head === STREAM_HEAD) {
    // The reply is there with the first content, and its reader comes after it.
    for (const read of reads.slice(0, 2)) handler.data(read);
    rest = reads.slice(2);
  } else {
    for (const read of reads) handler.data(read);
    handler.end();
    rest = [];
  }
  const reply = await replying;
  if (reply.kind === 'stream') {
    reply.stream.read(sink);
    for (const read of rest) handler.data(read);
    handler.end();
  } else if (reply.kind === 'whole' && reply.terminal.kind === 'completed') answered += 1;
}

async function microsPerCall(shape: Shape, calls: number): Promise<number> {
  answered = 0;
  const before = process.threadCpuUsage();
  for (let at = 0; at < calls; at += 1) await once(shape);
  const { user, system } = process.threadCpuUsage(before);
  if (answered !== calls) throw new Error(`${answered} of ${calls} calls of "${shape[0]}" were answered`);
  return (user + system) / calls;
}

const [wanted = ''] = process.argv.slice(2);
const rows: Record<string, string | number>[] = [];
for (const shape of SHAPES.filter(([name]) => name.includes(wanted))) {
  const [name, head] = shape;
  const calls = head === STREAM_HEAD ? CALLS / 4 : CALLS;
  await microsPerCall(shape, head === STREAM_HEAD ? WARM_UP / 4 : WARM_UP);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) best = Math.min(best, await microsPerCall(shape, calls));
  rows.push({ call: name, 'µs CPU': Math.round(best * 10) / 10 });
}
console.table(rows);
process.exit(0);
