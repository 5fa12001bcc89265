import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';

import { patchBytes } from '../../../core/body-patch.ts';
import { jsonTextOf, requestBodies } from '../../../../test/support/bodies.ts';
import { makeInference } from '../../../../test/support/make-inference.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import type { RequestPlan } from '../provider.ts';
import { DEFAULT_TIMEOUTS, type Endpoint } from '../relay-request.ts';
import { toRequest } from './to-request.ts';

const ENDPOINT: Endpoint = {
  origin: 'https://api.anthropic.com',
  basePath: '',
  headers: { 'x-api-key': 'sk-own', 'content-type': 'application/json' },
  timeouts: DEFAULT_TIMEOUTS,
};

function plan(parts: CallParts, model = 'claude-haiku-4-5'): RequestPlan {
  const facts = { model: 'claude-haiku-4-5', ...parts.facts };
  return toRequest(makeCall({ dialect: 'anthropic', ...parts, facts }), model, ENDPOINT);
}

describe('toRequest of Anthropic', () => {
  it('goes to the messages path, with ?beta=true where the client said so and nothing else of its query', () => {
    const cases: [string, string][] = [
      ['', '/v1/messages'],
      ['beta=true', '/v1/messages?beta=true'],
      ['beta=false', '/v1/messages'],
      ['x=1&beta=true&key=secret', '/v1/messages?beta=true'],
      ['beta=true%0d%0ax', '/v1/messages'],
    ];
    for (const [query, path] of cases) assert.equal(plan({ query }).request.path, path, query);
  });

  it('says a version where the client says none', () => {
    assert.equal(plan({}).request.headers['anthropic-version'], '2023-06-01');
    const headers = { 'anthropic-version': '2099-01-01' };
    assert.equal(plan({ headers }).request.headers['anthropic-version'], '2099-01-01');
  });

  it('promise 12: takes along the client headers that carry meaning, and no other', () => {
    const headers = {
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'context-1m-2025-08-07,interleaved-thinking-2025-05-14',
      'idempotency-key': 'i1',
      traceparent: '00-a-b-01',
      tracestate: 'x=y',
      authorization: 'Bearer cw-secret',
      'x-api-key': 'cw-secret',
      'anthropic-dangerous-direct-browser-access': 'true',
      cookie: 'session=1',
      connection: 'close',
      te: 'trailers',
      'user-agent': 'claude-cli/2.0',
      'x-app': 'cli',
      'x-stainless-lang': 'js',
      'x-causeway-user': 'ann',
    };
    assert.deepEqual(plan({ headers }).request.headers, {
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'context-1m-2025-08-07,interleaved-thinking-2025-05-14',
      'idempotency-key': 'i1',
      traceparent: '00-a-b-01',
      tracestate: 'x=y',
      'x-api-key': 'sk-own',
      'content-type': 'application/json',
    });
  });

  it("promise 3: a relayed body differs from the client's only by its recorded patches", () => {
    const anyBody = requestBodies().chain((json) => fc.tuple(fc.constant(json), jsonTextOf(json)));
    fc.assert(
      fc.property(anyBody, fc.constantFrom('chat', 'claude-x'), ([json, text], model) => {
        const raw = Buffer.from(text);
        const asked = json['model'] as string;
        const { patches, request, hideUsageFrame } = plan({ json, raw, facts: { model: asked } }, model);
        assert.deepEqual(patches, asked === model ? [] : [{ op: 'set', path: '/model', value: model }]);
        assert.deepEqual(Buffer.from(request.body ?? []), patchBytes(raw, patches));
        assert.equal(hideUsageFrame, false);
      }),
    );
  });
});

const translate = (choices: number, headers: Record<string, string> = {}): RequestPlan => {
  const inference = makeInference({ choices, seed: 1, fields: { seed: 'seed' } });
  return toRequest(makeCall({ dialect: 'openai', query: 'beta=true', headers, inference }), 'claude-x', ENDPOINT);
};

describe('toRequest of Anthropic for a client of another dialect', () => {
  it('builds a body of its own, and says what it could not keep', () => {
    const { request, patches, translation } = translate(1);
    assert.equal(request.path, '/v1/messages');
    assert.deepEqual(JSON.parse(Buffer.from(request.body ?? []).toString()), {
      model: 'claude-x',
      max_tokens: 4096,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    });
    assert.deepEqual(patches, []);
    const says = 'is left out: Anthropic has no such option';
    assert.deepEqual([translation?.notes, translation?.copies], [[{ field: 'seed', says }], 1]);
  });

  it('promise 12: takes along the headers that mean the same in any dialect, and no other', () => {
    const headers = {
      'idempotency-key': 'i1',
      traceparent: '00-a-b-01',
      'openai-beta': 'x=1',
      'openai-organization': 'org',
      'anthropic-beta': 'y',
      'anthropic-version': '2099-01-01',
      authorization: 'Bearer cw-secret',
    };
    const own = { 'anthropic-version': '2023-06-01', 'x-api-key': 'sk-own', 'content-type': 'application/json' };
    assert.deepEqual(translate(1, headers).request.headers, {
      ...own,
      'idempotency-key': 'i1',
      traceparent: '00-a-b-01',
    });
    const several = translate(3, headers);
    assert.deepEqual([several.request.headers, several.translation?.copies], [{ ...own, traceparent: '00-a-b-01' }, 3]);
  });

  it('knows what the model can do', () => {
    const inference = makeInference();
    const { request } = toRequest(makeCall({ inference }), 'claude-x', ENDPOINT, { outputTokens: 8000 });
    assert.match(Buffer.from(request.body ?? []).toString(), /"max_tokens":8000/);
  });
});
