import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { makeCall } from '../../../test/support/make-call.ts';
import { passing } from '../../../test/support/make-provider.ts';
import type { Call } from '../../core/call.ts';
import type { UpstreamRequest } from '../transport/transport.ts';
import { providerKeys, withKey } from './provider-keys.ts';
import type { Provider } from './provider.ts';
import { createHttpProvider } from './registry.ts';
import type { HttpProviderConfig } from './settings.ts';

const COMMON = { headers: {}, passThroughCredentials: false, models: ['m'], sharedResources: [] };
const BEARER = (key: string): readonly [string, string] => ['authorization', `Bearer ${key}`];
const CHAT = makeCall();
const RANK = makeCall({ operation: 'rerank', json: { model: 'm', query: 'q', documents: ['a', 'b'] } });

interface Kind {
  readonly own: { readonly type: HttpProviderConfig['type']; readonly [setting: string]: unknown };
  readonly call: Call;
  readonly header: (key: string) => readonly [name: string, value: string];
}

const KINDS: readonly Kind[] = [
  { own: { type: 'openai' }, call: CHAT, header: BEARER },
  { own: { type: 'anthropic' }, call: CHAT, header: (key) => ['x-api-key', key] },
  { own: { type: 'gemini' }, call: CHAT, header: (key) => ['x-goog-api-key', key] },
  { own: { type: 'vertex', location: 'global' }, call: CHAT, header: (key) => ['x-goog-api-key', key] },
  {
    own: { type: 'azure-openai', deployments: new Map(), entra: false },
    call: CHAT,
    header: (key) => ['api-key', key],
  },
  { own: { type: 'openai-compatible' }, call: CHAT, header: BEARER },
  { own: { type: 'openai-compatible', preset: 'deepseek' }, call: CHAT, header: BEARER },
  { own: { type: 'bedrock', region: 'us-east-1' }, call: CHAT, header: BEARER },
  { own: { type: 'cohere' }, call: CHAT, header: BEARER },
  { own: { type: 'voyage' }, call: RANK, header: BEARER },
  { own: { type: 'jina' }, call: RANK, header: BEARER },
  { own: { type: 'tei' }, call: RANK, header: BEARER },
];

/** A server that keeps what it was asked, and counts who came. */
async function startServer() {
  const headers: IncomingHttpHeaders[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    headers.push(request.headers);
    request.resume().once('end', () => response.end('{}'));
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Resolves once its connection is free again. */
async function send({ transport }: Provider, request: UpstreamRequest): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = ({ cause }: { cause: Error }): void => reject(cause);
  transport.send(request, { head: () => {}, data: () => {}, end: resolve, fail });
  await promise;
  await nextTurn();
}

function providerOf(own: Kind['own'], baseUrl: string, sealed: readonly string[] = []): Provider {
  const apiKeys = ['key-a', { key: 'key-b', weight: 2 }];
  return createHttpProvider('p', { ...COMMON, apiKeys, baseUrl, ...own } as HttpProviderConfig, sealed);
}

describe('the keys of a provider', () => {
  for (const { own, call, header } of KINDS) {
    it(`go each with its own requests, on one connection: ${Object.values(own).slice(0, 2).join(' ')}`, async (test) => {
      const server = await startServer();
      test.after(() => server.close());
      const provider = providerOf(own, server.baseUrl, ['sealed', 'key-a']);
      const { keys = [] } = provider;
      assert.deepEqual(
        keys.map(({ weight }) => weight),
        [1, 2, 1],
      );
      const asked = [provider, ...keys.map((key) => withKey(provider, key))];
      for (const one of asked) await send(one, one.plan(call, 'm').request);
      const expected = ['key-a', 'key-a', 'key-b', 'sealed'].map((key) => header(key)[1]);
      assert.deepEqual(
        server.headers.map((headers) => headers[header('')[0]]),
        expected,
      );
      assert.equal(server.connections(), 1);
      await provider.close();
    });
  }

  it('go with embeddings too', () => {
    const provider = providerOf({ type: 'openai' }, 'http://127.0.0.1:1');
    const second = provider.keys?.[1] ?? assert.fail();
    const call = makeCall({ operation: 'embeddings', json: { model: 'm', input: 'x' } });
    const request = withKey(provider, second).embedder?.request(call, 'm', call.embedding);
    assert.equal(request?.headers['authorization'], 'Bearer key-b');
  });

  it("give way to a client's own credential, where that is for this provider", () => {
    const provider = providerOf({ type: 'anthropic' }, 'http://127.0.0.1:1');
    const second = provider.keys?.[1] ?? assert.fail();
    const own = passing({ 'x-api-key': 'sk-ant-client' }, 'anthropic');
    const foreign = passing({ authorization: 'Bearer sk-openai' }, 'openai');
    assert.deepEqual(
      [own, foreign, CHAT].map((call) => provider.usesClientCredential?.(call)),
      [true, false, false],
    );
    const keyOf = (call: Call): unknown => withKey(provider, second).plan(call, 'm').request.headers['x-api-key'];
    assert.deepEqual([keyOf(own), keyOf(foreign)], ['sk-ant-client', 'key-b']);
  });

  it('are none where tokens or signatures are sent in their place', () => {
    for (const own of [
      { type: 'azure-openai', deployments: new Map(), entra: true },
      { type: 'azure-openai', deployments: new Map(), entra: false, entraToken: 't' },
      { type: 'vertex', location: 'global', accessToken: 't', project: 'p' },
    ] as const) {
      assert.deepEqual(providerOf(own, 'http://127.0.0.1:1').keys, []);
    }
    const config = { ...COMMON, type: 'tei', apiKeys: [], baseUrl: 'http://127.0.0.1:1' } as const;
    assert.deepEqual(createHttpProvider('p', config, []).keys, []);
  });

  it('have names that stay the same and do not tell the key', () => {
    const [key] = providerKeys(['sk-0123456789abcdef'], () => ({}));
    assert.deepEqual([key?.id, key?.shown], ['221df437', 'cdef']);
  });
});
