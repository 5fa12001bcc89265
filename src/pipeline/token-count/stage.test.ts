import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { fakeProvider } from '../../../test/support/fake-provider.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import type { Call, Dialect, Operation } from '../../core/call.ts';
import type { Reply } from '../../core/reply.ts';
import { compose } from '../../core/stage.ts';
import { ModelCatalog } from '../../models/catalog.ts';
import { PriceBook } from '../../models/pricing/price-book.ts';
import { countTokens } from '../../models/tokens/count.ts';
import { tokenizer } from '../../models/tokens/tokenizer.ts';
import { tokenCountStage } from './stage.ts';

after(() => tokenizer.close());

const FURTHER: Reply = {
  kind: 'whole',
  status: 200,
  headers: {},
  body: Buffer.from('further'),
  terminal: { kind: 'completed', finishReason: undefined, usage: undefined },
};

const BODY = { messages: [{ role: 'user', content: 'How many tokens are these words?' }] };

interface Asked {
  readonly type?: 'openai' | 'anthropic';
  readonly dialect?: Dialect;
  readonly operation?: Operation;
  readonly model?: string;
}

function callOf({ type = 'openai', dialect = 'anthropic', operation = 'token-count', model = 'gpt-5' }: Asked): Call {
  const call = makeCall({ dialect, operation, json: { ...BODY, model } });
  const targets = [{ provider: type, model }];
  call.assignment = { virtualModel: undefined, targets, passThroughCredentials: false, timeouts: undefined };
  return call;
}

async function answer(call: Call): Promise<{ text: string; headers: Record<string, string> }> {
  const providers = (['openai', 'anthropic'] as const).map((type) => fakeProvider(type).provider);
  const parts = { providers, virtualModels: [], prices: new PriceBook({}), passThroughProviders: new Set<string>() };
  const catalog = new ModelCatalog(parts);
  const further = { name: 'further', run: () => Promise.resolve(FURTHER) };
  const reply = await compose([tokenCountStage({ catalog: () => catalog, clock: new FakeClock() }), further])(call);
  assert.ok(reply.kind === 'whole');
  return { text: Buffer.from(reply.body).toString(), headers: reply.headers };
}

describe('tokenCountStage', () => {
  it('counts for a target that cannot, and says how', async () => {
    const call = callOf({});
    const { text, headers } = await answer(call);
    const { tokens } = await countTokens(call.inference, 'openai', 'gpt-5');
    assert.deepEqual(JSON.parse(text), { input_tokens: tokens });
    assert.match(headers['x-causeway-warnings'] ?? '', /counted by the gateway with the tokenizer/);
    assert.equal(call.attempts.all.length, 0);
  });

  it('estimates where the tokenizer is not known, and warns', async () => {
    const { text, headers } = await answer(callOf({ model: 'llama-3.3-70b' }));
    const { input_tokens: tokens } = JSON.parse(text) as { input_tokens: number };
    assert.ok(tokens > 5 && tokens < 20, text);
    assert.match(headers['x-causeway-warnings'] ?? '', /an estimate of the gateway, as a rule within 15 %/);
  });

  it('leaves the count to a target that can, and everything else as it is', async () => {
    assert.equal((await answer(callOf({ type: 'anthropic', model: 'claude-opus-4-5' }))).text, 'further');
    assert.equal((await answer(callOf({ operation: 'chat' }))).text, 'further');
    assert.equal((await answer(callOf({ dialect: 'openai' }))).text, 'further');
  });

  it('does not answer who is gone', async () => {
    const call = callOf({});
    const counting = answer(call);
    call.cancellation.cancel('client');
    await assert.rejects(counting, { code: 'client_aborted' });
  });
});
