import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import { OAUTH, makeProvider, passing } from '../../../../test/support/make-provider.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { createAnthropicProvider } from '../../../models/providers/anthropic/adapter.ts';
import { createOpenAiProvider } from '../../../models/providers/openai/adapter.ts';
import { continuationCall } from './continuation-call.ts';

const REQUEST = makeInference({ stream: true });

describe('a request of the gateway’s own', () => {
  for (const [what, create] of [
    ['OpenAI', createOpenAiProvider],
    ['Anthropic', createAnthropicProvider],
  ] as const) {
    for (const dialect of ['openai', 'responses', 'anthropic', 'gemini'] as const) {
      it(`is built for ${what}, and is not the body of a client of ${dialect}`, () => {
        const provider = makeProvider(create);
        const call = makeCall({
          dialect,
          json: { model: 'chat', messages: [{ role: 'user', content: 'Of the client' }] },
        });
        const own = continuationCall(call, REQUEST, provider, 'm');
        assert.ok(own);
        assert.equal(own.attempts, call.attempts);
        assert.equal(own.cancellation, call.cancellation);
        const { translation, request } = provider.plan(own, 'm');
        assert.ok(translation);
        const text = Buffer.from(request.body ?? '').toString();
        assert.ok(text.includes('Hello') && !text.includes('Of the client'), text);
      });
    }
  }

  it('promise 12: is not sent with or beside the client’s own credential', () => {
    const call = passing(OAUTH, 'anthropic');
    assert.equal(continuationCall(call, REQUEST, makeProvider(createAnthropicProvider), 'm'), undefined);
  });
});
