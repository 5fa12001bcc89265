import type { GatewayError } from '../../src/core/errors.ts';
import type { Piece, PieceResult } from '../../src/models/embeddings/batch.ts';
import { EmbeddingBatcher } from '../../src/models/embeddings/batcher.ts';
import type { EmbeddingsSettings } from '../../src/models/embeddings/settings.ts';
import { tokensOf } from '../../src/models/embeddings/split.ts';
import type { Embedder, Provider } from '../../src/models/providers/provider.ts';
import { fakeEmbedder, textsOf } from './fake-embedder.ts';
import { fakeProvider } from './fake-provider.ts';
import type { FakeExchange } from './fake-transport.ts';
import { makeCall } from './make-call.ts';

/** A text with this mark is refused, alone or in company. */
export const BAD = '!';
export const WINDOW = 10;
/** Small enough that all of them are met. */
export const BOUNDS = { inputs: 4, tokens: 12 };

/** One request of one caller, and what it has heard. */
export interface Asked {
  readonly texts: readonly string[];
  readonly user: string;
  readonly results: PieceResult[];
  readonly errors: GatewayError[];
  sends: number;
  /** Those after it had left. */
  sendsAfter: number;
  left: boolean;
  leave(): void;
}

export interface Desk {
  readonly idle: () => Promise<void>;
  readonly exchanges: readonly FakeExchange[];
  readonly asked: Asked[];
  readonly ask: (texts: readonly string[], user?: string) => Asked;
  /** Those that have no answer yet and were not given up. */
  readonly open: () => FakeExchange[];
}

/** A batcher whose time and provider are the test's. */
export function desk(settings: Partial<EmbeddingsSettings> = {}, own: Partial<Embedder & Provider> = {}): Desk {
  const embedder: Embedder = { ...fakeEmbedder(), bounds: () => BOUNDS, ...own };
  const { provider, transport } = fakeProvider('openai', { own: { ...own, embedder } });
  const batcher = new EmbeddingBatcher(() => ({ window: WINDOW, parallel: 2, ...settings }));
  const asked: Asked[] = [];
  return {
    exchanges: transport.exchanges,
    asked,
    idle: () => batcher.idle(provider),
    open: () => transport.exchanges.filter(({ freed }) => !freed),
    ask(texts, user = 'ann') {
      const one: Asked = {
        texts,
        user,
        results: [],
        errors: [],
        sends: 0,
        sendsAfter: 0,
        left: false,
        leave: () => {},
      };
      const piece: Piece = {
        call: makeCall({ operation: 'embeddings', id: `call-${asked.length}` }),
        embedding: { inputs: texts, encoding: 'float', extra: { user } },
        inputs: texts,
        tokens: texts.reduce((sum, text) => sum + tokensOf(text), 0),
        sent() {
          one.sends += 1;
          if (one.left) one.sendsAfter += 1;
        },
        done: (result) => void one.results.push(result),
        failed: ({ error }) => void one.errors.push(error),
      };
      const withdraw = batcher.submit({ provider, embedder, model: 'm' }, [piece]);
      one.leave = () => {
        one.left = true;
        withdraw();
      };
      asked.push(one);
      return one;
    },
  };
}

/** What follows from an answer without time passing. */
export const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(() => queueMicrotask(resolve)));

export function sentTexts(exchange: FakeExchange | undefined): string[] {
  return textsOf(exchange?.request.body);
}

/** As a provider answers: one bad text has all refused, else each text has a vector that only it has. */
export function answerTruly(exchange: FakeExchange | undefined): void {
  const texts = sentTexts(exchange);
  if (texts.some((text) => text.includes(BAD))) {
    exchange?.answer(400, { error: { message: 'a bad text', type: 'invalid_request_error', param: 'input' } });
  } else {
    exchange?.answer(200, { vectors: texts.map(vectorOf), tokens: texts.length });
  }
}

/** The name of a text is a number of its own. */
export function vectorOf(text: string): number[] {
  return [Number(/\d+/.exec(text)?.[0])];
}
