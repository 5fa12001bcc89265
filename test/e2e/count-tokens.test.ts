import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';

import { tokenizer } from '../../src/models/tokens/tokenizer.ts';
import { type SdkGateway, startSdkGateway } from '../support/sdk-gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS } from '../support/upstream.ts';

let sdk: SdkGateway;

before(async () => {
  sdk = await startSdkGateway();
});
after(async () => {
  await sdk.close();
  await tokenizer.close();
});

const MESSAGES = [{ role: 'user' as const, content: 'How many tokens are these words?' }];
const TOOLS: Anthropic.Tool[] = [{ name: 'now', input_schema: { type: 'object', properties: {} } }];

describe('count_tokens with the official client', () => {
  it("is Anthropic's own answer where the model is Anthropic's, and costs nothing", async () => {
    sdk.claude.answer({ headers: JSON_HEADERS, chunks: ['{"input_tokens":15}'] });
    const request = { model: 'claude/claude-opus-4-5', system: 'Be brief.', messages: MESSAGES, tools: TOOLS };
    const { data, response } = await sdk.anthropic.messages.countTokens(request).withResponse();
    assert.deepEqual(data, { input_tokens: 15 });
    const asked = sdk.claude.received.at(-1);
    assert.equal(asked?.path, '/v1/messages/count_tokens');
    assert.deepEqual(JSON.parse(asked.body), { ...request, model: 'claude-opus-4-5' });
    assert.equal(response.headers.get('x-causeway-warnings'), null);
    const trace = await sdk.trace(response.headers);
    assert.deepEqual([trace.status, trace.cost_known, trace.cost_usd], ['completed', true, 0]);
    assert.equal(trace.endpoint, '/v1/messages/count_tokens');
  });

  it('is refused as Anthropic refuses it', async () => {
    const error = { type: 'error', error: { type: 'invalid_request_error', message: 'tools.0: no' } };
    sdk.claude.answer({ status: 400, headers: JSON_HEADERS, chunks: [JSON.stringify(error)] });
    const thrown = await thrownBy(
      sdk.anthropic.messages.countTokens({ model: 'claude/claude-opus-4-5', messages: MESSAGES }),
      Anthropic.BadRequestError,
    );
    assert.match(thrown.message, /tools\.0: no/);
    const missing = await thrownBy(
      sdk.anthropic.messages.countTokens({ model: 'claude/claude-opus-4-5', messages: [] }),
      Anthropic.BadRequestError,
    );
    assert.match(missing.message, /`messages` must be a list/);
  });

  it('is counted here for other models, with a warning that says how well', async () => {
    const earlier = sdk.gpt.received.length;
    for (const [model, warning] of [
      ['gpt/gpt-5', /with the tokenizer of the model/],
      ['server/llama-3.3-70b', /an estimate of the gateway/],
    ] as const) {
      const { data, response } = await sdk.anthropic.messages
        .countTokens({ model, system: 'Be brief.', messages: MESSAGES, tools: TOOLS })
        .withResponse();
      assert.ok(data.input_tokens > 20 && data.input_tokens < 300, `${model}: ${data.input_tokens}`);
      assert.match(response.headers.get('x-causeway-warnings') ?? '', warning);
      const trace = await sdk.trace(response.headers);
      assert.deepEqual(
        [trace.status, trace.cost_known, trace.cost_usd, trace.attempts.length],
        ['completed', true, 0, 0],
      );
    }
    assert.equal(sdk.gpt.received.length, earlier);
  });
});
