import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { makeProvider } from '../../../../test/support/make-provider.ts';
import type { Call } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import { createAzureOpenAiProvider } from '../azure-openai/adapter.ts';
import type { Provider } from '../provider.ts';
import { createOpenAiProvider } from './adapter.ts';

const HINTS = { breakpoints: undefined, key: 'prefix-1' };
const CHAT = { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hi' }] };
const openai = makeProvider(createOpenAiProvider);

function planned(call: Call, provider: Provider = openai) {
  const { request, patches } = provider.plan(call, 'gpt-5-mini', undefined, HINTS);
  const text = Buffer.from(request.body ?? []).toString();
  return { text, body: JSON.parse(text) as JsonObject, patches };
}

function azure(apiVersion: string | undefined): Provider {
  return makeProvider(
    (options, transport) =>
      createAzureOpenAiProvider({ ...options, apiVersion, deployments: new Map(), entra: false }, transport),
    { baseUrl: 'https://x.openai.azure.com' },
  );
}

describe('the name of a prefix for OpenAI', () => {
  it('promise 3: is added behind the client’s own bytes, as a listed patch', () => {
    const source = '{ "model":"gpt-5-mini",\n "messages":[{"role":"user","content":"\\u0048i"}] }';
    const { text, patches } = planned(makeCall({ raw: Buffer.from(source), facts: { model: 'gpt-5-mini' } }));
    assert.equal(text, source.replace('}] }', '}],"prompt_cache_key":"prefix-1" }'));
    assert.deepEqual(patches, [{ op: 'set', path: '/prompt_cache_key', value: 'prefix-1' }]);
  });

  it('goes with responses and with translated requests too', () => {
    const response = makeCall({ dialect: 'responses', json: { model: 'gpt-5-mini', input: 'Hi' } });
    assert.equal(planned(response).body['prompt_cache_key'], 'prefix-1');
    const message = makeCall({ dialect: 'anthropic', json: { ...CHAT, max_tokens: 5 } });
    const { body, patches } = planned(message);
    assert.equal(body['prompt_cache_key'], 'prefix-1');
    assert.deepEqual(patches, []);
  });

  it('stays the client’s where it has one', () => {
    const { body, patches } = planned(makeCall({ json: { ...CHAT, prompt_cache_key: 'own' } }));
    assert.equal(body['prompt_cache_key'], 'own');
    assert.deepEqual(patches, []);
  });

  it('is for chats alone, and for versions of Azure’s API that are young enough', () => {
    const completion = makeCall({ operation: 'completion', json: { model: 'gpt-5-mini', prompt: 'Hi' } });
    assert.equal(planned(completion).body['prompt_cache_key'], undefined);
    assert.equal(planned(makeCall({ json: CHAT }), azure(undefined)).body['prompt_cache_key'], 'prefix-1');
    assert.equal(planned(makeCall({ json: CHAT }), azure('2024-10-21')).body['prompt_cache_key'], undefined);
  });
});
