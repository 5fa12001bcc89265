import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';

import { patchBytes, patchJson } from '../../../core/body-patch.ts';
import type { Json } from '../../../core/json.ts';
import { jsonTextOf, requestBodies } from '../../../../test/support/bodies.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import { makeInference } from '../../../../test/support/make-inference.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { RequestPlan } from '../provider.ts';
import { DEFAULT_TIMEOUTS, type Endpoint } from '../relay-request.ts';
import { OPENAI_QUIRKS } from './quirks.ts';
import { toRequest } from './to-request.ts';

const ENDPOINT: Endpoint = {
  origin: 'https://api.openai.com',
  basePath: '/v1',
  headers: { authorization: 'Bearer sk-own', 'content-type': 'application/json' },
  timeouts: DEFAULT_TIMEOUTS,
};

function plan(parts: CallParts, model = 'gpt-4o-mini', usageFrame = true): RequestPlan {
  return toRequest(makeCall(parts), model, ENDPOINT, { ...OPENAI_QUIRKS, usageFrame });
}

function bodyOf({ request }: RequestPlan): Json {
  return JSON.parse(Buffer.from(request.body ?? []).toString()) as Json;
}

describe('toRequest of an OpenAI-shaped server', () => {
  it('goes to the path of the operation', () => {
    const { request } = plan({});
    assert.equal(request.method, 'POST');
    assert.equal(request.origin, 'https://api.openai.com');
    assert.equal(request.path, '/v1/chat/completions');
    assert.deepEqual(request.timeouts, DEFAULT_TIMEOUTS);
    assert.equal(plan({ operation: 'embeddings' }).request.path, '/v1/embeddings');
  });

  it('promise 12: takes along the client headers that carry meaning, and no other', () => {
    const headers = {
      'openai-beta': 'assistants=v2',
      'idempotency-key': 'i1',
      traceparent: '00-a-b-01',
      tracestate: 'x=y',
      authorization: 'Bearer cw-secret',
      'x-api-key': 'cw-secret',
      cookie: 'session=1',
      connection: 'keep-alive',
      'transfer-encoding': 'chunked',
      'content-length': '999',
      'accept-encoding': 'gzip',
      host: 'gateway.example',
      'user-agent': 'OpenAI/JS',
      'x-stainless-lang': 'js',
      'x-forwarded-for': '10.0.0.1',
      'x-causeway-user': 'ann',
      'x-causeway-metadata': '{}',
      'openai-organization': 'org-client',
      'anthropic-beta': 'b',
    };
    assert.deepEqual(plan({ headers }).request.headers, {
      'openai-beta': 'assistants=v2',
      'idempotency-key': 'i1',
      traceparent: '00-a-b-01',
      tracestate: 'x=y',
      authorization: 'Bearer sk-own',
      'content-type': 'application/json',
    });
  });

  it('asks for the usage of a stream, and hides what the client did not ask for', () => {
    const cases: [object, boolean, object][] = [
      [{}, true, { include_usage: true }],
      [{ stream_options: null }, true, { include_usage: true }],
      [{ stream_options: { include_usage: false } }, true, { include_usage: true }],
      [{ stream_options: { include_obfuscation: false } }, true, { include_obfuscation: false, include_usage: true }],
      [{ stream_options: { include_usage: true } }, false, { include_usage: true }],
    ];
    for (const [more, hidden, options] of cases) {
      const planned = plan({ json: { model: 'gpt-4o-mini', stream: true, ...more } });
      assert.equal(planned.hideUsageFrame, hidden, JSON.stringify(more));
      assert.deepEqual((bodyOf(planned) as { stream_options: object }).stream_options, options);
    }
  });

  it('asks for nothing where there is no stream, no chat, or no server that knows the option', () => {
    const stream = { json: { model: 'gpt-4o-mini', stream: true } };
    for (const planned of [
      plan({}),
      plan({ ...stream, operation: 'embeddings' }),
      plan(stream, 'gpt-4o-mini', false),
    ]) {
      assert.deepEqual(planned.patches, []);
      assert.equal(planned.hideUsageFrame, false);
    }
  });

  it('promise 3: sends the very bytes of the client where nothing has to change', () => {
    const raw = Buffer.from('{ "model":"gpt-4o-mini" ,\n "messages": [ ] , "x":1.0e2 }');
    const { request, patches } = plan({ raw });
    assert.deepEqual(patches, []);
    assert.deepEqual(Buffer.from(request.body ?? []), raw);
  });

  it("promise 3: a relayed body differs from the client's only by its recorded patches", () => {
    const anyBody = requestBodies().chain((json) => fc.tuple(fc.constant(json), jsonTextOf(json)));
    fc.assert(
      fc.property(anyBody, fc.constantFrom('chat', 'gpt-5'), ([json, text], model) => {
        const raw = Buffer.from(text);
        const planned = plan({ json, raw }, model);
        const sent = Buffer.from(planned.request.body ?? []);
        assert.deepEqual(JSON.parse(sent.toString()), patchJson(json, planned.patches));
        assert.deepEqual(sent, patchBytes(raw, planned.patches));
        assert.equal((bodyOf(planned) as { model: string }).model, model);
        for (const patch of planned.patches) {
          assert.notDeepEqual(patchJson(json, [patch]), json, 'a listed patch is a real difference');
        }
        if (planned.patches.length === 0) assert.deepEqual(sent, raw);
      }),
    );
  });

  it('promise 3: keeps every byte before the first change, where the prompt cache of the provider looks', () => {
    const raw = Buffer.from('{"messages":[{"role":"user","content":"long prompt"}],  "stream":true, "model":"chat"}');
    const { request } = plan({ raw, json: JSON.parse(raw.toString()) }, 'gpt-5');
    assert.equal(
      Buffer.from(request.body ?? []).toString(),
      '{"messages":[{"role":"user","content":"long prompt"}],  "stream":true, "model":"gpt-5","stream_options":{"include_usage":true}}',
    );
  });

  it('takes our own field out of what is relayed, and nothing where it is not there', () => {
    const mine = {
      role: 'assistant',
      content: 'a',
      causeway_reasoning: [{ type: 'text', text: 'hm', signature: 's' }],
    };
    const json = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'causeway_reasoning' }, mine, mine] };
    const planned = plan({ json });
    assert.deepEqual(planned.patches, [
      { op: 'remove', path: '/messages/1/causeway_reasoning' },
      { op: 'remove', path: '/messages/2/causeway_reasoning' },
    ]);
    assert.deepEqual((bodyOf(planned) as { messages: Json[] }).messages[2], { role: 'assistant', content: 'a' });
  });
});

describe('a request of another dialect', () => {
  const headers = {
    'anthropic-version': '2023-06-01',
    'anthropic-beta': 'b',
    'idempotency-key': 'i1',
    traceparent: 't',
  };
  const anthropic = (parts: Partial<InferenceRequest> = {}): CallParts => ({
    dialect: 'anthropic',
    headers,
    inference: makeInference({ stream: true, ...parts }),
  });

  it('is built anew, with no header of its dialect', () => {
    const planned = plan(anthropic());
    assert.equal(planned.request.path, '/v1/chat/completions');
    assert.deepEqual(planned.request.headers, { ...ENDPOINT.headers, 'idempotency-key': 'i1', traceparent: 't' });
    assert.deepEqual(bodyOf(planned), {
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    assert.deepEqual([planned.patches, planned.hideUsageFrame], [[], false]);
    assert.deepEqual([planned.translation?.notes, planned.translation?.copies], [[], 1]);
  });

  it('is sent as often as there are answers asked for, with no key that would make them one', () => {
    const call = makeCall(anthropic({ choices: 3 }));
    const { request, translation } = toRequest(call, 'm', ENDPOINT, { ...OPENAI_QUIRKS, choices: false });
    assert.equal(translation?.copies, 3);
    assert.equal(request.headers['idempotency-key'], undefined);
  });
});
