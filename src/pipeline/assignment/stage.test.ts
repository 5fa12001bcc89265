import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Principal } from '../../core/call.ts';
import type { WholeReply } from '../../core/reply.ts';
import { compose } from '../../core/stage.ts';
import { ModelCatalog } from '../../models/catalog.ts';
import { PriceBook } from '../../models/pricing/price-book.ts';
import { fakeProvider } from '../../../test/support/fake-provider.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import { assignStage } from './stage.ts';

const PRINCIPAL: Principal = { keyId: 'key_1', project: 'p', user: undefined, models: ['gpt-*'] };
const REPLY: WholeReply = {
  kind: 'whole',
  status: 200,
  headers: {},
  body: Buffer.alloc(0),
  terminal: { kind: 'completed', finishReason: undefined, usage: undefined },
};

function catalogOf(name: string): ModelCatalog {
  return new ModelCatalog({
    providers: [fakeProvider('openai', { name }).provider],
    virtualModels: [],
    prices: new PriceBook({}),
    passThroughProviders: new Set(),
  });
}

function run(
  parts: Parameters<typeof makeCall>[0],
  catalog = catalogOf('openai'),
): { target: () => unknown; done: Promise<unknown> } {
  const call = makeCall(parts);
  const stage = assignStage({
    catalog: () => catalog,
    mayUseModel: ({ models }, model) => models === undefined || model.startsWith('gpt-'),
  });
  const done = compose([stage, { name: 'answer', run: () => Promise.resolve(REPLY) }])(call);
  return { done, target: () => call.assignment?.targets[0] };
}

describe('assign', () => {
  it('says what the request model means before the next stage', async () => {
    const { done, target } = run({ facts: { model: 'gpt-5' }, principal: PRINCIPAL });
    assert.equal(await done, REPLY);
    assert.deepEqual(target(), { provider: 'openai', model: 'gpt-5' });
  });

  it('goes by the catalog in force when the call comes', async () => {
    const { done, target } = run({ facts: { model: 'gpt-5' } }, catalogOf('renamed'));
    await done;
    assert.deepEqual(target(), { provider: 'renamed', model: 'gpt-5' });
  });

  it('refuses a model that the key may not use, known or not, and says no more of its name than fits', async () => {
    for (const model of ['o3', 'unheard-of', 'x'.repeat(100_000)]) {
      const { done, target } = run({ facts: { model }, principal: PRINCIPAL });
      await assert.rejects(done, { code: 'auth_forbidden', param: 'model', message: /^.{1,250}$/ });
      assert.equal(target(), undefined);
    }
  });

  it('gives a call what is tried on it, before the cache names its answer', async () => {
    const call = makeCall({ facts: { model: 'gpt-5' }, principal: PRINCIPAL });
    const stage = assignStage({
      catalog: () => catalogOf('openai'),
      mayUseModel: () => true,
      rollouts: { assign: (tried, assignment) => ({ ...assignment, arm: `experiment:e/${tried.principal?.project}` }) },
    });
    await compose([stage, { name: 'answer', run: () => Promise.resolve(REPLY) }])(call);
    assert.deepEqual([call.assignment?.arm, call.assignment?.targets.length], ['experiment:e/p', 1]);
  });

  it('refuses a model that is not there', async () => {
    const { done } = run({ facts: { model: 'gone/gpt-5' } });
    await assert.rejects(done, { code: 'model_not_found' });
  });
});
