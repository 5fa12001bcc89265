import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { configOf } from '../../../test/support/config-of.ts';
import { FakeTransport } from '../../../test/support/fake-transport.ts';
import type { Provider } from '../providers/provider.ts';
import { probedServers } from './probed-servers.ts';

/** The servers that a configuration has asked for, and what each is sent. */
function serversOf(text: string, sealedKeys: ReadonlyMap<string, readonly string[]> = new Map()) {
  const config = configOf(text);
  const transport = new FakeTransport();
  return probedServers({
    settings: config.providers,
    providers: [...config.providers.keys()].map((name): Pick<Provider, 'name' | 'transport'> => ({ name, transport })),
    sealedKeys,
    targets: [...config.models.values()].map(({ target }) => target),
  });
}

const provider = (settings: string): string => `providers: { local: { ${settings} } }`;

describe('the plan of readiness', () => {
  it('is there only where it is asked for', () => {
    assert.deepEqual(serversOf(provider('type: openai-compatible, preset: vllm')), []);
    assert.deepEqual(serversOf(''), []);
    assert.equal(serversOf(provider('type: openai-compatible, preset: vllm, readiness: {}')).length, 1);
  });

  it('knows where each server says whether it is ready', () => {
    const cases = [
      ['type: openai-compatible, preset: vllm', 'http://127.0.0.1:8000/health'],
      ['type: openai-compatible, preset: llamacpp', 'http://127.0.0.1:8080/health'],
      ['type: openai-compatible, preset: ollama', 'http://127.0.0.1:11434/v1/models'],
      ['type: openai-compatible, preset: vllm, baseUrl: "https://gpu/vllm/v1"', 'https://gpu/vllm/health'],
      ['type: openai-compatible, baseUrl: "http://gpu:1/v1"', 'http://gpu:1/v1/models'],
      ['type: openai-compatible, baseUrl: "http://gpu:1"', 'http://gpu:1/v1/models'],
      ['type: tei, baseUrl: "http://gpu:2"', 'http://gpu:2/health'],
    ];
    for (const [settings, url] of cases) {
      const [server] = serversOf(provider(`${settings}, readiness: {}`));
      const check = server?.plan.check;
      assert.equal(`${check?.origin}${check?.path}`, url);
      assert.equal(check?.method, 'GET');
      assert.equal(server?.plan.intervalMs, 10_000);
    }
    const [own] = serversOf(
      provider('type: openai-compatible, preset: ollama, readiness: { path: /health, interval: 3s }'),
    );
    assert.deepEqual([own?.plan.check.path, own?.plan.intervalMs], ['/health', 3000]);
  });

  it('asks a model for one token, unless it is not to be warmed up or warms itself', () => {
    const [server] = serversOf(provider('type: openai-compatible, preset: vllm, readiness: {}'));
    const [chat, embed] = server?.plan.warmUps('m') ?? [];
    assert.equal(chat?.path, '/v1/chat/completions');
    assert.deepEqual(JSON.parse(Buffer.from(chat.body ?? []).toString()), {
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      max_tokens: 1,
    });
    assert.equal(embed?.path, '/v1/embeddings');
    for (const settings of [
      'type: openai-compatible, preset: vllm, readiness: { warmUp: false }',
      'type: tei, baseUrl: "http://gpu:2", readiness: {}',
    ]) {
      assert.deepEqual(serversOf(provider(settings))[0]?.plan.warmUps('m'), []);
    }
  });

  it('sends the key and the headers of the provider', () => {
    const settings = 'type: openai-compatible, preset: vllm, headers: { x-team: a }, readiness: {}';
    const headersOf = (servers: ReturnType<typeof serversOf>) => servers[0]?.plan.check.headers;
    const open = headersOf(serversOf(provider(settings)));
    assert.deepEqual([open?.['authorization'], open?.['x-team']], [undefined, 'a']);
    const keyed = headersOf(serversOf(provider(`${settings}, apiKey: k`)));
    assert.equal(keyed?.['authorization'], 'Bearer k');
    const sealed = headersOf(serversOf(provider(settings), new Map([['local', ['from-database']]])));
    assert.equal(sealed?.['authorization'], 'Bearer from-database');
  });

  it('is for the models that the operator names, each once', () => {
    const text = [
      'providers: { local: { type: openai-compatible, preset: vllm, models: [a], readiness: {} } }',
      'models: { x: { target: local/b }, y: { target: local/a }, z: { target: sim/echo } }',
    ];
    assert.deepEqual(serversOf(text.join('\n'))[0]?.models, ['a', 'b']);
  });
});
