import assert from 'node:assert/strict';
import { type TestContext, describe, it } from 'node:test';

import { fakeEmbedder, textsOf } from '../../../test/support/fake-embedder.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { fakeProvider } from '../../../test/support/fake-provider.ts';
import type { FakeExchange } from '../../../test/support/fake-transport.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import { ONE_ATTEMPT, routeDeps } from '../../../test/support/route-deps.ts';
import type { Call } from '../../core/call.ts';
import { type GatewayError, toGatewayError } from '../../core/errors.ts';
import type { VectorsReply } from '../../core/reply.ts';
import { ModelCatalog } from '../../models/catalog.ts';
import { EmbeddingBatcher } from '../../models/embeddings/batcher.ts';
import type { EmbeddingsSettings } from '../../models/embeddings/settings.ts';
import { PriceBook } from '../../models/pricing/price-book.ts';
import { attemptStage } from './stage.ts';

interface Desk {
  readonly exchanges: readonly FakeExchange[];
  readonly ask: (
    input: string | string[],
    more?: object,
  ) => { readonly call: Call; readonly reply: Promise<VectorsReply> };
  /** What is due in this turn of the event loop happens. */
  readonly turn: () => void;
  /** The window is over. */
  readonly window: () => void;
}

/** A gateway's one target for embeddings, with time in the test's hands. */
function desk(t: TestContext, settings: Partial<EmbeddingsSettings> = {}, inputs = 100): Desk {
  t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
  const { provider, transport } = fakeProvider('openai', { own: { embedder: fakeEmbedder({ inputs }) } });
  const catalog = new ModelCatalog({
    providers: [provider],
    virtualModels: [],
    prices: new PriceBook({ 'openai/m': { input: 100_000, output: 0 } }),
    passThroughProviders: new Set(),
  });
  const batcher = new EmbeddingBatcher(() => ({ window: 10, parallel: 16, ...settings }));
  const clock = new FakeClock();
  const stage = attemptStage(routeDeps({ catalog: () => catalog, clock, batcher, holdHeadersMs: () => 0 }));
  return {
    exchanges: transport.exchanges,
    ask(input, more = {}) {
      const call = makeCall({ operation: 'embeddings', json: { model: 'm', input, ...more } });
      call.assignment = {
        virtualModel: undefined,
        targets: [{ provider: 'openai', model: 'm' }],
        passThroughCredentials: false,
        timeouts: undefined,
        policy: ONE_ATTEMPT,
      };
      const reply = stage.run(call, () => Promise.reject(new Error('nothing is behind'))) as Promise<VectorsReply>;
      reply.catch(() => {});
      return { call, reply };
    },
    turn: () => t.mock.timers.tick(0),
    window: () => t.mock.timers.tick(10),
  };
}

/** Answers with one number for each text: its length; each text is a token. */
function answer(exchange: FakeExchange | undefined): void {
  const texts = textsOf(exchange?.request.body);
  exchange?.answer(
    200,
    { vectors: texts.map((text) => [text.length]), tokens: texts.length },
    { 'x-request-id': 'r1' },
  );
}

async function errorOf(reply: Promise<unknown>): Promise<GatewayError> {
  return reply.then(() => Promise.reject(new Error('there is a reply')), toGatewayError);
}

const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(() => queueMicrotask(resolve)));

describe('requests for embeddings', () => {
  it('go upstream as one where they come together, and each gets its own', async (t) => {
    const { ask, turn, exchanges } = desk(t);
    const asked = [ask('a'), ask(['bb', 'ccc']), ask('ddd')];
    await settled();
    turn();
    assert.equal(exchanges.length, 1);
    assert.deepEqual(textsOf(exchanges[0]?.request.body), ['a', 'bb', 'ccc', 'ddd']);
    answer(exchanges[0]);
    const replies = await Promise.all(asked.map(({ reply }) => reply));
    assert.deepEqual(
      replies.map((reply) => reply.answer.vectors),
      [[[1]], [[2], [3]], [[3]]],
    );
    const closings = asked.map(({ call }) => call.attempts.last?.closing);
    assert.deepEqual(
      closings.map((closing) => closing?.usage?.inputTokens),
      [1, 2, 1],
    );
    assert.deepEqual(
      closings.map((closing) => closing?.costNanoUsd),
      [100_000_000, 200_000_000, 100_000_000],
    );
    assert.equal(asked[0]?.call.attempts.last?.providerRequestId, 'r1');
    assert.equal(asked[0]?.call.attempts.last?.responseModel, 'answering-model');
  });

  it('wait for the window while another is under way, and not longer', async (t) => {
    const { ask, turn, window, exchanges } = desk(t);
    ask('first');
    await settled();
    turn();
    assert.equal(exchanges.length, 1, 'alone, it goes at once');
    ask('second');
    ask('third');
    await settled();
    turn();
    assert.equal(exchanges.length, 1);
    window();
    assert.deepEqual(textsOf(exchanges[1]?.request.body), ['second', 'third']);
  });

  it('do not wait where the batch is full', async (t) => {
    const { ask, turn, exchanges } = desk(t, { batchSize: 2 });
    ask('first');
    await settled();
    turn();
    for (const text of ['a', 'b', 'c']) ask(text);
    await settled();
    turn();
    assert.deepEqual(
      exchanges.map(({ request }) => textsOf(request.body)),
      [['first'], ['a', 'b'], ['c']],
    );
  });

  it('are joined only with their like', async (t) => {
    const { ask, turn, exchanges } = desk(t);
    ask('a');
    ask('b', { dimensions: 256 });
    ask('c', { encoding_format: 'base64' });
    ask('d', { user: 'someone' });
    await settled();
    turn();
    assert.equal(exchanges.length, 4);
  });

  it('that are large go in parts side by side, and come back in order', async (t) => {
    const { ask, turn, exchanges } = desk(t, {}, 3);
    const texts = Array.from({ length: 8 }, (_, at) => 'x'.repeat(at + 1));
    const { reply, call } = ask(texts);
    await settled();
    turn();
    assert.equal(exchanges.length, 3);
    for (const exchange of [...exchanges].toReversed()) answer(exchange);
    const { answer: said } = await reply;
    assert.deepEqual(
      said.vectors,
      texts.map((text) => [text.length]),
    );
    assert.equal(call.attempts.all.length, 1);
    assert.equal(call.attempts.last?.closing?.usage?.inputTokens, 8);
  });

  it('fail alone where one text is bad', async (t) => {
    const { ask, turn, exchanges } = desk(t);
    const asked = [ask('good'), ask('bad'), ask('fine')];
    await settled();
    turn();
    const refusal = { error: { message: 'bad text', type: 'invalid_request_error', param: 'input', code: null } };
    exchanges[0]?.answer(400, refusal);
    await settled();
    assert.equal(exchanges.length, 4, 'each once more, by itself');
    for (const exchange of exchanges.slice(1)) {
      if (textsOf(exchange.request.body)[0] === 'bad') exchange.answer(400, refusal);
      else answer(exchange);
    }
    assert.deepEqual((await asked[0]?.reply)?.answer.vectors, [[4]]);
    assert.deepEqual((await asked[2]?.reply)?.answer.vectors, [[4]]);
    const error = await errorOf(asked[1]?.reply ?? Promise.resolve());
    assert.equal(error.code, 'request_invalid');
    assert.equal(asked[1]?.call.attempts.last?.closing?.costNanoUsd, 0);
  });

  it('all fail where the provider does, and none of them is billed for a refusal', async (t) => {
    const { ask, turn, exchanges } = desk(t);
    const asked = [ask('a'), ask('b')];
    await settled();
    turn();
    exchanges[0]?.answer(503, { error: { message: 'busy', type: 'server_error', code: null } });
    for (const { reply, call } of asked) {
      assert.equal((await errorOf(reply)).code, 'provider_overloaded');
      assert.equal(call.attempts.last?.closing?.costNanoUsd, 0);
    }
    assert.equal(exchanges.length, 1);
  });

  it('promise 11: of a client that left do not stop the others, and the last to leave ends the exchange', async (t) => {
    const { ask, turn, exchanges } = desk(t);
    const [one, other] = [ask('a'), ask('b')];
    await settled();
    turn();
    one.call.cancellation.cancel('client');
    assert.equal((await errorOf(one.reply)).code, 'client_aborted');
    assert.equal(exchanges[0]?.aborts, 0);
    other.call.cancellation.cancel('client');
    await errorOf(other.reply);
    assert.equal(exchanges[0]?.aborts, 1);
    assert.equal(other.call.attempts.last?.closing?.usageSource, 'assumed');
  });

  it('that were never sent cost nothing', async (t) => {
    const { ask, turn, exchanges } = desk(t);
    const { call, reply } = ask('a');
    call.cancellation.cancel('client');
    await errorOf(reply);
    turn();
    assert.equal(exchanges.length, 0);
    assert.equal(call.attempts.last?.closing?.costNanoUsd, 0);
  });

  it('wait for a free place where too many are under way, and are joined meanwhile', async (t) => {
    const { ask, turn, window, exchanges } = desk(t, { parallel: 1 });
    const first = ask('a');
    await settled();
    turn();
    ask('b');
    ask('c');
    await settled();
    window();
    assert.equal(exchanges.length, 1);
    answer(exchanges[0]);
    await first.reply;
    await settled();
    turn();
    assert.deepEqual(textsOf(exchanges[1]?.request.body), ['b', 'c']);
  });
});
