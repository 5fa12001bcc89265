import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { ModelView, ProviderView } from '../../src/models/listing/model-schema.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';

const KEY = 'sk-live-0123456789abcdef';
const FILE = `providers:
  lab: { type: openai, apiKey: ${KEY}, baseUrl: "http://127.0.0.1:9/v1" }
  box: { type: openai-compatible, preset: vllm }
models:
  chat: { target: sim/echo, timeouts: { total: 90s } }
  other: { target: lab/gpt-5-mini, fallback: [sim/echo, box/unpriced], guards: default, cache: { exact: { ttl: 1h } } }
  big: { route: { by: cost, targets: [{ target: lab/gpt-5 }], cascade: { to: lab/gpt-5-pro, check: logprobs } } }
  tiered: { route: { by: complexity, targets: [{ target: sim/echo, tiers: [simple] }, { target: sim/large }] } }
flags: { beta: { model: chat, users: [u], set: { target: sim/small } } }
guards: { default: { injection: {} } }
`;

describe('what is configured, as it is in force', () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await startGateway({ config: FILE, env: { OPENAI_API_KEY: 'of-the-environment-1234' } });
  });
  after(() => gateway.close());

  const models = async (): Promise<ReadonlyMap<string, ModelView>> => {
    const data = (await gateway.admin('/models')).json['data'] as unknown as ModelView[];
    return new Map(data.map((model) => [model.name, model]));
  };

  test('models have their targets with roles, prices and what is tried of them', async () => {
    const all = await models();
    const chat = all.get('chat');
    assert.deepEqual([chat?.timeouts.total_ms, chat?.guards, chat?.route, chat?.cache], [90_000, null, null, null]);
    assert.deepEqual(chat?.trying, [{ kind: 'flag', id: 'beta', origin: 'file', in_force: true, problem: null }]);
    const other = all.get('other');
    assert.deepEqual([other?.guards, other?.cache?.exact_ttl_ms], ['default', 3_600_000]);
    assert.deepEqual(
      other?.targets.map((one) => [one.target, one.role, one.simulated, one.price_known]),
      [
        ['lab/gpt-5-mini', 'target', false, true],
        ['sim/echo', 'fallback', true, true],
        ['box/unpriced', 'fallback', false, false],
      ],
    );
    assert.equal(typeof other?.targets[0]?.capabilities?.['context_tokens'], 'number');
    const big = all.get('big');
    assert.deepEqual([big?.route?.by, big?.route?.origin, big?.route?.cascade_to], ['cost', 'file', 'lab/gpt-5-pro']);
    assert.deepEqual(
      big?.targets.map((one) => [one.target, one.role]),
      [
        ['lab/gpt-5', 'route'],
        ['lab/gpt-5-pro', 'cascade'],
      ],
    );
    assert.deepEqual(
      all.get('tiered')?.targets.map(({ target, tiers }) => [target, tiers]),
      [
        ['sim/echo', ['simple']],
        ['sim/large', []],
      ],
    );
  });

  test('a route of the admin API stands in place of their own, and flags of it beside those of the file', async () => {
    const body = { route: { by: 'weight', targets: [{ target: 'sim/echo', weight: 3 }, { target: 'lab/gpt-5' }] } };
    assert.equal((await gateway.admin('/routes/chat', { method: 'PUT', body })).status, 200);
    const flag = { model: 'chat', users: ['v'], set: { target: 'sim/small' } };
    assert.ok((await gateway.admin('/flags/extra', { method: 'PUT', body: flag })).status < 300);
    const chat = (await models()).get('chat');
    assert.deepEqual([chat?.route?.by, chat?.route?.origin], ['weight', 'admin']);
    assert.deepEqual(
      chat?.targets.map((one) => [one.target, one.role, one.weight]),
      [
        ['sim/echo', 'route', 3],
        ['lab/gpt-5', 'route', 1],
      ],
    );
    assert.deepEqual(
      chat?.trying.map((one) => [one.kind, one.id, one.origin]),
      [
        ['route', 'chat', 'admin'],
        ['flag', 'beta', 'file'],
        ['flag', 'extra', 'admin'],
      ],
    );
  });

  test('promise 12: providers are shown without their keys', async () => {
    const { json, text } = await gateway.admin('/providers');
    const providers = json['data'] as unknown as ProviderView[];
    assert.deepEqual(
      providers.map(({ name, type, origin, host }) => [name, type, origin, host]),
      [
        ['lab', 'openai', 'file', '127.0.0.1:9'],
        ['box', 'openai-compatible', 'file', '127.0.0.1:8000'],
        ['openai', 'openai', 'environment', null],
        ['sim', 'simulator', 'default', null],
      ],
    );
    const [lab] = providers;
    assert.deepEqual(
      lab?.keys.map(({ hint, weight }) => [hint, weight]),
      [['cdef', 1]],
    );
    assert.ok(lab?.used_by.some(({ model, target }) => model === 'other' && target === 'lab/gpt-5-mini'));
    assert.doesNotMatch(text, new RegExp(`${KEY}|of-the-environment`));
  });
});
