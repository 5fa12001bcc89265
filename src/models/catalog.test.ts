import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fakeProvider } from '../../test/support/fake-provider.ts';
import { ModelCatalog, type VirtualModel, shortName } from './catalog.ts';
import { PriceBook } from './pricing/price-book.ts';
import type { Provider } from './providers/provider.ts';

const OPENAI = fakeProvider('openai', { models: ['gpt-5-mini'] }).provider;
const CLAUDE = fakeProvider('anthropic', { name: 'claude', models: ['claude-haiku-4-5'] }).provider;
const LOCAL = fakeProvider('openai-compatible', { name: 'local', models: ['meta-llama/Llama-3.1-8B'] }).provider;
const SIM = fakeProvider('openai-compatible', { name: 'sim', models: ['echo'], simulated: true }).provider;

const CHAT: VirtualModel = {
  name: 'chat',
  target: { provider: 'openai', model: 'gpt-5-mini' },
  passThroughCredentials: true,
  timeouts: { headers: 5000 },
};

function catalog(providers: Provider[], virtualModels: VirtualModel[] = [], passing: string[] = []): ModelCatalog {
  return new ModelCatalog({
    providers,
    virtualModels,
    prices: new PriceBook({}),
    passThroughProviders: new Set(passing),
  });
}

describe('ModelCatalog', () => {
  const all = catalog([OPENAI, CLAUDE, LOCAL, SIM], [CHAT], ['claude']);

  it('knows a virtual model with all that the operator said of it', () => {
    assert.deepEqual(all.assign('chat'), {
      virtualModel: 'chat',
      targets: [CHAT.target],
      passThroughCredentials: true,
      timeouts: { headers: 5000 },
    });
  });

  it('prefers a virtual model to whatever else its name could mean', () => {
    const shadow = { ...CHAT, name: 'openai/gpt-5-mini', target: { provider: 'sim', model: 'echo' } };
    assert.deepEqual(catalog([OPENAI, SIM], [shadow]).assign('openai/gpt-5-mini').targets, [shadow.target]);
  });

  it('takes provider/model as it is, also where the model has slashes of its own', () => {
    const cases: [string, string, string][] = [
      ['openai/gpt-9-unheard-of', 'openai', 'gpt-9-unheard-of'],
      ['local/meta-llama/Llama-3.1-8B', 'local', 'meta-llama/Llama-3.1-8B'],
      ['meta-llama/Llama-3.1-8B', 'local', 'meta-llama/Llama-3.1-8B'],
    ];
    for (const [name, provider, model] of cases) {
      assert.deepEqual(all.assign(name).targets, [{ provider, model }], name);
    }
  });

  it('finds the owner of a bare name', () => {
    assert.deepEqual(all.assign('gpt-4o').targets, [{ provider: 'openai', model: 'gpt-4o' }]);
    assert.deepEqual(all.assign('claude-x').targets, [{ provider: 'claude', model: 'claude-x' }]);
    assert.deepEqual(all.assign('echo').targets, [{ provider: 'sim', model: 'echo' }]);
  });

  it("passes credentials through where the virtual model, or else the target's provider, says so", () => {
    assert.equal(all.assign('claude/claude-x').passThroughCredentials, true);
    assert.equal(all.assign('claude-x').passThroughCredentials, true);
    assert.equal(all.assign('gpt-4o').passThroughCredentials, false);
    const closed = { ...CHAT, target: { provider: 'claude', model: 'x' }, passThroughCredentials: false };
    assert.equal(catalog([CLAUDE], [closed], ['claude']).assign('chat').passThroughCredentials, false);
  });

  it('lets the simulator stand in for well-known models only where there is nothing real', () => {
    const simulated = catalog([SIM]);
    for (const name of ['gpt-4o', 'o3', 'text-embedding-3-small', 'claude-sonnet-4-5']) {
      assert.deepEqual(simulated.assign(name).targets, [{ provider: 'sim', model: name }]);
    }
    assert.throws(() => simulated.assign('my-model'), { code: 'model_not_found' });
    assert.throws(() => catalog([SIM, LOCAL]).assign('gpt-4o'), { code: 'model_not_found' });
  });

  it('says what there is where a name means nothing', () => {
    for (const name of ['nothing', 'unknown/gpt-5', 'openai/', '/gpt-5', '', '__proto__', 'constructor/x']) {
      assert.throws(() => all.assign(name), {
        code: 'model_not_found',
        param: 'model',
        message: /virtual model .* openai, claude, local, sim\. GET \/v1\/models/,
      });
    }
    assert.throws(() => catalog([]).assign('gpt-4o'), { code: 'model_not_found' });
  });

  it('promise 11: shows no more of a name than a message takes', () => {
    assert.throws(
      () => all.assign('x'.repeat(1_000_000)),
      ({ message }: Error) => message.length < 500,
    );
    assert.equal(shortName('gpt-5'), 'gpt-5');
  });

  it('lists virtual models, then what each provider is known to have', () => {
    assert.deepEqual(
      all.entries().map(({ id, ownedBy }) => ({ id, ownedBy })),
      [
        { id: 'chat', ownedBy: 'causeway' },
        { id: 'openai/gpt-5-mini', ownedBy: 'openai' },
        { id: 'claude/claude-haiku-4-5', ownedBy: 'claude' },
        { id: 'local/meta-llama/Llama-3.1-8B', ownedBy: 'local' },
        { id: 'sim/echo', ownedBy: 'sim' },
      ],
    );
    for (const { id } of all.entries()) assert.equal(all.assign(id).targets.length, 1, id);
  });

  it('says what each can do and costs, of a virtual model what its target does', () => {
    const [chat, mini, haiku, llama] = all.entries();
    assert.equal(mini?.capabilities?.vision, true);
    assert.deepEqual(chat?.capabilities, mini?.capabilities);
    assert.deepEqual(chat?.price, mini?.price);
    assert.equal(haiku?.price?.input, 1);
    assert.deepEqual([llama?.capabilities, llama?.price], [undefined, undefined]);
    const astray = { ...CHAT, target: { provider: 'gone', model: 'x' } };
    assert.equal(catalog([OPENAI], [astray]).entries()[0]?.capabilities, undefined);
  });

  it("takes the operator's word on what a target can do before the table's, fact by fact", () => {
    const capabilities = new Map([
      ['openai/gpt-5-mini', { vision: false }],
      ['local/qwen3-8b', { contextTokens: 32_768 }],
    ]);
    const parts = { virtualModels: [], prices: new PriceBook({}), passThroughProviders: new Set<string>() };
    const stated = new ModelCatalog({ ...parts, providers: [OPENAI, LOCAL], capabilities });
    const mini = stated.capabilitiesOf(OPENAI, 'gpt-5-mini');
    assert.deepEqual([mini?.vision, mini?.tools], [false, true]);
    assert.deepEqual(stated.capabilitiesOf(LOCAL, 'qwen3-8b'), { contextTokens: 32_768 });
    assert.equal(stated.capabilitiesOf(LOCAL, 'other'), undefined);
    assert.deepEqual(
      [...stated.knownTargets()].map(([target]) => target),
      ['openai/gpt-5-mini'],
    );
  });

  it('promise 11: remembers a bounded number of names', () => {
    for (let at = 0; at < 20_000; at += 1) all.capabilitiesOf(OPENAI, `no-such-${at}`);
    assert.equal(all.capabilitiesOf(OPENAI, 'gpt-4o')?.vision, true);
  });

  it('finds a provider by its name, and a price by its type', () => {
    assert.equal(all.provider('claude'), CLAUDE);
    assert.throws(() => all.provider('gone'), { code: 'internal' });
    assert.equal(all.priceOf(CLAUDE, 'claude-haiku-4-5-20251001')?.input, 1);
    assert.equal(all.priceOf(LOCAL, 'meta-llama/Llama-3.1-8B'), undefined);
  });
});
