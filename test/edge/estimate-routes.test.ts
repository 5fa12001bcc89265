import assert from 'node:assert/strict';
import { type TestContext, after, test } from 'node:test';

import { systemClock } from '../../src/core/clock.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { estimateCall } from '../../src/edge/estimate-call.ts';
import type { ModelCatalog, VirtualModel } from '../../src/models/catalog.ts';
import { tokenizer } from '../../src/models/tokens/tokenizer.ts';
import { estimateRoutes } from '../../src/pipeline/quotas/bounds/routes.ts';
import { UsualUse } from '../../src/pipeline/quotas/bounds/usual-use.ts';
import { boundedCatalog, targetOf } from '../support/bounded-catalog.ts';
import { startEdge } from './fake-edge.ts';

after(() => tokenizer.close());

const KNOWN = boundedCatalog();
const MESSAGES = [{ role: 'user', content: 'Hello' }];

interface Bench {
  readonly usual: UsualUse;
  readonly ask: (body: unknown) => Promise<{ readonly status: number; readonly json: JsonObject }>;
}

async function startBench(t: TestContext, catalog: ModelCatalog = KNOWN): Promise<Bench> {
  const usual = new UsualUse();
  const context = { clock: systemClock, limits: { trustedProxies: 0 } };
  const callOf = (endpoint: string, body: JsonObject) => estimateCall(context, endpoint, body);
  const routes = estimateRoutes({ catalog: () => catalog, usual, callOf });
  const { url } = await startEdge(t, { adminRoutes: [routes] });
  return {
    usual,
    async ask(body) {
      const response = await fetch(`${url}/admin/v1/estimate`, {
        method: 'POST',
        headers: { authorization: 'Bearer admin-key', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, json: (await response.json()) as JsonObject };
    },
  };
}

function modelOf(name: string, target: string, ...fallback: readonly string[]): VirtualModel {
  return {
    name,
    target: targetOf(target),
    fallback: fallback.map(targetOf),
    passThroughCredentials: false,
    timeouts: undefined,
  };
}

function errorOf({ error }: JsonObject): { readonly message: string; readonly param: unknown } {
  return error as unknown as { message: string; param: unknown };
}

test('a request is priced before it is sent, as it is or with its endpoint', async (t) => {
  const { ask } = await startBench(t);
  const request = { model: 'openai/m', messages: MESSAGES, max_completion_tokens: 100 };
  const { status, json } = await ask(request);
  assert.equal(status, 200);
  const [target] = json['targets'] as JsonObject[];
  const { price_version: version, input_tokens: input, ...rest } = target ?? {};
  assert.match(JSON.stringify(version), /config:openai\/m/);
  const { estimate = 0, at_most: most = 0 } = input as { estimate?: number; at_most?: number };
  assert.ok(estimate > 0 && estimate < 20 && most > 1000, `${estimate} ${most}`);
  const cost = { expected: (estimate + 1000) / 1e6, at_most: (most + 1000) / 1e6 };
  assert.deepEqual(rest, {
    target: 'openai/m',
    price_known: true,
    output_tokens: { expected: 100, at_most: 100 },
    cost_usd: cost,
  });
  assert.deepEqual([json['model'], json['cost_usd']], ['openai/m', cost]);
  const wrapped = await ask({ endpoint: '/v1/chat/completions', body: request });
  assert.deepEqual(wrapped.json, json);
});

test('every way of asking a model for something is understood', async (t) => {
  const { ask } = await startBench(t);
  const asked: [endpoint: string, body: JsonObject][] = [
    ['/v1/messages', { model: 'anthropic/m', max_tokens: 10, messages: MESSAGES }],
    ['/v1/responses', { model: 'openai/m', max_output_tokens: 10, input: 'Hello' }],
    ['/v1/embeddings', { model: 'openai/m', input: ['Hello'] }],
    [
      '/v1beta/models/gemini/m:generateContent',
      { contents: [{ parts: [{ text: 'Hello' }] }], generationConfig: { maxOutputTokens: 10 } },
    ],
  ];
  for (const [endpoint, body] of asked) {
    const { status, json } = await ask({ endpoint, body });
    assert.equal(status, 200, JSON.stringify(json));
    const { expected, at_most: most } = json['cost_usd'] as { expected: number; at_most: number };
    assert.ok(expected > 0 && most > expected, JSON.stringify(json));
  }
});

test('the dearest target of a chain counts, and what nobody knows is null', async (t) => {
  const virtualModels = [
    modelOf('chain', 'openai/m', 'deepseek/m'),
    modelOf('unpriced', 'openai/m', 'cohere/unpriced'),
  ];
  const { ask } = await startBench(t, boundedCatalog(virtualModels));
  const body = { messages: MESSAGES, max_completion_tokens: 10 };
  const chain = await ask({ model: 'chain', ...body });
  const [first, second] = chain.json['targets'] as { cost_usd: { at_most: number } }[];
  assert.ok((second?.cost_usd.at_most ?? 0) > (first?.cost_usd.at_most ?? 0), 'it is not known to keep to the limit');
  assert.equal((chain.json['cost_usd'] as JsonObject)['at_most'], second?.cost_usd.at_most);
  const unpriced = await ask({ model: 'unpriced', ...body });
  assert.equal((unpriced.json['cost_usd'] as JsonObject)['at_most'], null);
  const [, unknown] = unpriced.json['targets'] as JsonObject[];
  assert.deepEqual([unknown?.['price_known'], unknown?.['price_version']], [false, null]);
});

test('what such requests usually use is what is expected', async (t) => {
  const { ask, usual } = await startBench(t);
  for (let at = 0; at < 20; at += 1) usual.observe('/v1/chat/completions openai/m', { tokens: 300, nanoUsd: 1 });
  const { json } = await ask({ model: 'openai/m', messages: MESSAGES });
  const [target] = json['targets'] as { input_tokens: { estimate: number }; output_tokens: { expected: number } }[];
  assert.equal(target?.output_tokens.expected, 300 - (target?.input_tokens.estimate ?? 0));
});

test('a request that cannot be read as a conversation is estimated by its bytes', async (t) => {
  const { ask } = await startBench(t);
  const { status, json } = await ask({ model: 'openai/m', messages: MESSAGES, tools: [{ type: 'web_search' }] });
  assert.equal(status, 200);
  const [target] = json['targets'] as { input_tokens: { estimate: number; at_most: unknown } }[];
  assert.ok((target?.input_tokens.estimate ?? 0) > 20);
  assert.equal(target?.input_tokens.at_most, null);
});

test('what cannot be priced is refused in words', async (t) => {
  const { ask } = await startBench(t);
  const asked: [body: unknown, status: number, message: RegExp, param: string | null][] = [
    [{ model: 'nobody/knows', messages: MESSAGES }, 404, /not known here/, 'model'],
    [{ messages: MESSAGES }, 400, /model/, 'model'],
    [{ model: 'openai/m' }, 400, /messages/, 'messages'],
    [{ endpoint: '/v1/files', body: {} }, 400, /No requests for models .*\/v1\/files.*\/v1\/messages/, 'endpoint'],
    [{ endpoint: '/v1/audio/transcriptions', body: {} }, 400, /No requests for models/, 'endpoint'],
    [{ endpoint: 5, body: {} }, 400, /must be a path/, 'endpoint'],
    [{ endpoint: '/v1/messages' }, 400, /`body` must be the request/, 'body'],
    [{ body: {}, more: 1 }, 400, /no "more"/, 'more'],
    [[1], 400, /must be a JSON object/, null],
  ];
  for (const [body, status, message, param] of asked) {
    const answer = await ask(body);
    assert.equal(answer.status, status, JSON.stringify(answer.json));
    const error = errorOf(answer.json);
    assert.match(error.message, message);
    assert.equal(error.param, param);
  }
});
