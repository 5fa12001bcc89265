import type { CachePolicy } from '../../src/core/caching.ts';
import type { Assignment, Call } from '../../src/core/call.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { FinishReason, StreamEvent, Terminal } from '../../src/core/events.ts';
import { type Reply, ReplyStream } from '../../src/core/reply.ts';
import type { Handler, Stage } from '../../src/core/stage.ts';
import { ModelCatalog } from '../../src/models/catalog.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import type { CacheDeps, SemanticCache } from '../../src/pipeline/cache/deps.ts';
import { cacheStage } from '../../src/pipeline/cache/stage.ts';
import { FakeClock } from './fake-clock.ts';
import { fakeProvider } from './fake-provider.ts';
import { type CallParts, makeCall } from './make-call.ts';
import { PlainAnswers } from './plain-answers.ts';

export const EXACT = { ttl: 3_600_000, maxAnswer: 1_000_000, maxTemperature: undefined, tools: true };
export const SEMANTIC = {
  ttl: 60_000,
  maxErrorRate: 0.02,
  confidence: 0.95,
  maxEntries: 100,
  embedder: 'built-in',
  judge: undefined,
} as const;
export const POLICY: CachePolicy = {
  scope: 'project',
  exact: EXACT,
  coalesce: false,
  semantic: undefined,
  tokensPerSecond: undefined,
};
const TARGET = { provider: 'openai', model: 'gpt-5-mini' };
export const ASSIGNMENT: Assignment = {
  virtualModel: 'chat',
  targets: [TARGET],
  passThroughCredentials: false,
  timeouts: undefined,
  version: 'v1',
  cache: POLICY,
};
const USAGE = { inputTokens: 10, outputTokens: 5 };

const CATALOG = new ModelCatalog({
  providers: [fakeProvider('openai').provider],
  virtualModels: [],
  prices: new PriceBook({}),
  passThroughProviders: new Set(),
});

const NEVER_NEAR: SemanticCache = { look: () => Promise.resolve({ kind: 'ask' }), purge: () => 0 };

export interface Said {
  readonly text: string;
  readonly reason?: FinishReason;
  readonly more?: readonly StreamEvent[];
}

export function eventsOf({ text, reason = 'stop', more = [] }: Said): StreamEvent[] {
  return [
    { type: 'message-start', id: 'id', model: 'gpt-5-mini-2026' },
    { type: 'text-delta', choice: 0, index: 0, text },
    ...more,
    { type: 'finish', choice: 0, reason },
    { type: 'usage', usage: USAGE },
    { type: 'end' },
  ];
}

/** The stage over a store, and a target of another dialect behind it. */
export class CacheSite {
  readonly clock = new FakeClock();
  readonly store = new PlainAnswers(() => this.clock.now());
  readonly deps: CacheDeps;
  asked = 0;
  /** What the target says; the number of the request where nothing is set. */
  says: ((call: Call) => Said | GatewayError) | undefined;

  constructor(semantic: SemanticCache = NEVER_NEAR) {
    this.deps = {
      catalog: () => CATALOG,
      clock: this.clock,
      scheduler: this.clock,
      store: this.store,
      flights: { run: (_name, call, ask) => ask(call) },
      semantic,
    };
  }

  get stage(): Stage {
    return cacheStage(this.deps);
  }

  readonly #target: Handler = (call) => {
    this.asked += 1;
    const said = this.says?.(call) ?? { text: `answer ${this.asked}` };
    if (said instanceof GatewayError) return Promise.reject(said);
    const attempt = call.attempts.open({
      target: 'openai/gpt-5-mini',
      priceVersion: 'v1',
      reservedNanoUsd: undefined,
      retryOf: undefined,
      simulated: false,
    });
    attempt.sentAt = 0;
    attempt.responseModel = 'gpt-5-mini-2026';
    attempt.close(1, { outcome: 'completed', usage: USAGE, usageSource: 'reported', costNanoUsd: 700 });
    call.warnings.push('answer: seed was left out');
    const terminal: Terminal = { kind: 'completed', finishReason: said.reason ?? 'stop', usage: USAGE };
    const events = eventsOf(said);
    if (!call.facts.stream) return Promise.resolve({ kind: 'translated', status: 200, headers: {}, events, terminal });
    const stream = new ReplyStream({ pause() {}, resume() {}, cancel() {} });
    for (const event of events) stream.push({ events: [event] });
    stream.end(terminal);
    return Promise.resolve({ kind: 'stream', status: 200, headers: {}, translated: true, stream });
  };

  async ask(parts: CallParts = {}): Promise<Answered> {
    const call = makeCall({
      principal: { keyId: 'key_1', project: 'support', user: undefined, models: undefined },
      assignment: ASSIGNMENT,
      ...parts,
    });
    const reply = await this.stage.run(call, this.#target);
    return { call, reply, text: textOf(reply) };
  }

  /** The code of the error. */
  async fails(parts: CallParts): Promise<string> {
    return this.ask(parts).then(
      () => 'answered',
      (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
    );
  }
}

export interface Answered {
  readonly call: Call;
  readonly reply: Reply;
  readonly text: string;
}

function textOf(reply: Reply): string {
  let said = '';
  const read = (events: readonly StreamEvent[]): void => {
    for (const event of events) if (event.type === 'text-delta') said += event.text;
  };
  if (reply.kind === 'translated') read(reply.events);
  if (reply.kind === 'stream') {
    reply.stream.read({
      item: ({ events }) => {
        read(events);
        return true;
      },
      terminal: () => undefined,
    });
  }
  return said;
}
