import type { Call } from '../../src/core/call.ts';
import { type GatewayError, toGatewayError } from '../../src/core/errors.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { RoutePolicy } from '../../src/core/route-policy.ts';
import type { Handler } from '../../src/core/stage.ts';
import { ModelCatalog } from '../../src/models/catalog.ts';
import { EmbeddingBatcher } from '../../src/models/embeddings/batcher.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import { USUAL_POLICY } from '../../src/pipeline/resilience/route/policy.ts';
import type { RouteDeps } from '../../src/pipeline/resilience/route/route-deps.ts';
import { attemptStage } from '../../src/pipeline/resilience/stage.ts';
import { FakeClock } from './fake-clock.ts';
import { fakeProvider } from './fake-provider.ts';
import type { FakeExchange, FakeTransport } from './fake-transport.ts';
import { type CallParts, makeCall } from './make-call.ts';
import { routeDeps } from './route-deps.ts';
import { OPENAI_ANSWER } from './wire-texts.ts';

/** One call on its way along its targets. */
export interface RouteRun {
  readonly call: Call;
  readonly reply: Promise<Reply>;
  /** Why there is none. */
  error(): Promise<GatewayError>;
  /** `kind target outcome` of each attempt. */
  attempts(): string[];
}

export interface RouteBenchOptions {
  /** Names of the providers, in the order of the chain; `m` is the model of each. */
  readonly targets?: readonly string[];
  readonly policy?: Partial<RoutePolicy>;
  readonly deps?: Partial<RouteDeps>;
}

/** Targets of which each one's provider is the test, and whose time is the test's, too. */
export class RouteBench {
  readonly clock = new FakeClock();
  readonly deps: RouteDeps;
  readonly #targets: readonly string[];
  readonly #policy: RoutePolicy;
  readonly #transports = new Map<string, FakeTransport>();

  constructor({ targets = ['a', 'b'], policy = {}, deps = {} }: RouteBenchOptions = {}) {
    this.#targets = targets;
    this.#policy = { ...USUAL_POLICY, ...policy };
    const names = [...targets, ...named(policy)];
    const providers = [...new Set(names)].map((name) => {
      const { provider, transport } = fakeProvider('openai', { name });
      this.#transports.set(name, transport);
      return provider;
    });
    const catalog = new ModelCatalog({
      providers,
      virtualModels: [],
      prices: new PriceBook({}),
      passThroughProviders: new Set(),
    });
    this.deps = routeDeps(
      {
        catalog: () => catalog,
        clock: this.clock,
        batcher: new EmbeddingBatcher(() => ({ window: 0, parallel: 16 })),
        holdHeadersMs: () => 10_000,
        ...deps,
      },
      this.clock,
    );
  }

  /** What stands behind every other stage. */
  readonly attempt: Handler = (call) =>
    attemptStage(this.deps).run(call, () => Promise.reject(new Error('nothing is behind')));

  /** Sends a call; what is sent at once has been sent when this returns. */
  send(parts: CallParts = {}): RouteRun {
    const call = makeCall({ ...parts });
    call.assignment = {
      virtualModel: 'chat',
      targets: this.#targets.map((provider) => ({ provider, model: 'm' })),
      passThroughCredentials: false,
      timeouts: undefined,
      policy: this.#policy,
      ...parts.assignment,
    };
    const reply = this.attempt(call);
    reply.catch(() => {});
    return {
      call,
      reply,
      error: () => reply.then(() => Promise.reject(new Error('there is a reply')), toGatewayError),
      attempts: () =>
        call.attempts.all.map(
          ({ opening: { kind, target }, closing }) => `${kind} ${target} ${closing?.outcome ?? '…'}`,
        ),
    };
  }

  /** What was sent to a provider. */
  exchanges(name: string): readonly FakeExchange[] {
    return this.#transports.get(name)?.exchanges ?? [];
  }

  last(name: string): FakeExchange {
    const exchange = this.exchanges(name).at(-1);
    if (!exchange) throw new Error(`nothing was sent to ${name}`);
    return exchange;
  }

  /** Answers the last request of a provider, and lets what follows from it happen. */
  async answer(name: string, status = 200, body: unknown = OPENAI_ANSWER, headers: Record<string, string> = {}) {
    this.last(name).answer(status, body, headers);
    await turn();
  }

  async fail(name: string, kind: Parameters<FakeExchange['fail']>[0] = 'connect') {
    this.last(name).fail(kind);
    await turn();
  }

  async advance(ms: number) {
    this.clock.advance(ms);
    await turn();
  }
}

/** Lets all promises that can settle do so. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function named({ onContextLength = [], onContentPolicy = [] }: Partial<RoutePolicy>): string[] {
  return [...onContextLength, ...onContentPolicy].map(({ provider }) => provider);
}

/** An error body of OpenAI's. */
export function refusal(code: string | null = null, message = 'no'): object {
  return { error: { message, type: 'x', param: null, code } };
}
