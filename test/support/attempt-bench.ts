import type { Attempt } from '../../src/core/attempts.ts';
import type { Call } from '../../src/core/call.ts';
import { type GatewayError, toGatewayError } from '../../src/core/errors.ts';
import type { Terminal } from '../../src/core/events.ts';
import type { Reply, ReplyStream, StreamItem, StreamSink, WholeReply } from '../../src/core/reply.ts';
import { type Stage, compose } from '../../src/core/stage.ts';
import { ModelCatalog } from '../../src/models/catalog.ts';
import { EmbeddingBatcher } from '../../src/models/embeddings/batcher.ts';
import { PriceBook, type PriceOverrides } from '../../src/models/pricing/price-book.ts';
import { attemptStage } from '../../src/pipeline/resilience/stage.ts';
import { FakeClock } from './fake-clock.ts';
import { type FakeProviderOptions, fakeProvider } from './fake-provider.ts';
import type { FakeExchange, FakeTransport } from './fake-transport.ts';
import { type CallParts, makeCall } from './make-call.ts';
import { ONE_ATTEMPT, routeDeps } from './route-deps.ts';

export type ProviderType = Parameters<typeof fakeProvider>[0];

export interface BenchOptions extends CallParts {
  readonly type?: ProviderType;
  readonly provider?: FakeProviderOptions;
  readonly prices?: PriceOverrides;
  readonly model?: string;
  readonly holdHeadersMs?: number;
  readonly unsendable?: boolean;
  /** Stages around the attempt, outermost first. */
  readonly around?: readonly Stage[];
}

/** One attempt between a provider and a reader that are both the test. */
export interface Bench {
  readonly call: Call;
  readonly clock: FakeClock;
  readonly transport: FakeTransport;
  /** The request that was sent. */
  readonly upstream: FakeExchange;
  readonly attempt: Attempt;
  readonly reply: Promise<Reply>;
  /** The reply, where it is a whole one. */
  whole(): Promise<WholeReply>;
  /** Why there is no reply. */
  error(): Promise<GatewayError>;
  /** The reply's stream, with a reader on it. */
  reader(): Promise<FakeReader>;
}

/** Long enough that no test waits for it by accident, and that a timer left behind shows. */
const HOLD_MS = 3_600_000;

/** Sends a call through the attempt stage. */
export function startAttempt(options: BenchOptions = {}): Bench {
  const { type = 'openai', provider: providerOptions, prices = {}, holdHeadersMs = HOLD_MS, around = [] } = options;
  const { provider, transport } = fakeProvider(type, providerOptions);
  transport.unsendable = options.unsendable ?? false;
  const catalog = new ModelCatalog({
    providers: [provider],
    virtualModels: [],
    prices: new PriceBook(prices),
    passThroughProviders: new Set(),
  });
  const call = makeCall({ dialect: type === 'anthropic' ? 'anthropic' : 'openai', ...options });
  const model = options.model ?? call.facts.model;
  call.assignment ??= {
    virtualModel: undefined,
    targets: [{ provider: provider.name, model }],
    passThroughCredentials: false,
    timeouts: undefined,
    policy: ONE_ATTEMPT,
  };
  const clock = new FakeClock();
  const batcher = new EmbeddingBatcher(() => ({ window: 0, parallel: 16 }));
  const stage = attemptStage(routeDeps({ catalog: () => catalog, clock, batcher, holdHeadersMs: () => holdHeadersMs }));
  const reply = compose([...around, stage])(call);
  // Whoever asks for the error handles it; nobody has to.
  reply.catch(() => {});
  return {
    call,
    clock,
    transport,
    get upstream() {
      return transport.last;
    },
    get attempt() {
      const { last } = call.attempts;
      if (!last) throw new Error('no attempt was opened');
      return last;
    },
    reply,
    async whole() {
      const answer = await reply;
      if (answer.kind !== 'whole') throw new Error('the reply is a stream');
      return answer;
    },
    error: () => reply.then(() => Promise.reject(new Error('there is a reply')), toGatewayError),
    async reader() {
      const answer = await reply;
      if (answer.kind !== 'stream') throw new Error('the reply is a whole one');
      return new FakeReader(answer.stream);
    },
  };
}

/** A client at the end of a stream, as fast or slow as the test wants it. */
export class FakeReader implements StreamSink {
  readonly stream: ReplyStream;
  readonly items: StreamItem[] = [];
  readonly terminals: Terminal[] = [];
  /** Whether it takes more after an item. */
  hasRoom = true;

  constructor(stream: ReplyStream) {
    this.stream = stream;
  }

  read(): this {
    this.stream.read(this);
    return this;
  }

  item(item: StreamItem): boolean {
    this.items.push(item);
    return this.hasRoom;
  }

  terminal(terminal: Terminal): void {
    this.terminals.push(terminal);
  }

  /** All bytes that came. */
  get text(): string {
    return Buffer.concat(this.items.map(({ bytes }) => bytes ?? Buffer.alloc(0))).toString();
  }

  /** What the model said. */
  get said(): string {
    return this.items
      .flatMap(({ events }) => events)
      .map((event) => (event.type === 'text-delta' ? event.text : ''))
      .join('');
  }
}
