import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../../test/support/make-call.ts';
import { makeProvider } from '../../../../../test/support/make-provider.ts';
import type { StreamEvent } from '../../../../core/events.ts';
import type { JsonObject } from '../../../../core/json.ts';
import { createOpenAiCompatibleProvider } from '../../openai-compatible/adapter.ts';
import { createOpenAiProvider } from '../adapter.ts';
import { responsesWire } from './wire.ts';

function read(...frames: JsonObject[]): StreamEvent[] {
  const reader = responsesWire.streamReader({ hideUsageFrame: false });
  return frames.flatMap((frame) => reader.step({ event: undefined, data: JSON.stringify(frame) }).events);
}

const whole = (response: JsonObject) => responsesWire.readWhole('chat', { model: 'm', output: [], ...response });

const cut = (reason: string): JsonObject => ({ status: 'incomplete', incomplete_details: { reason } });

const codeOf = (code: string) => whole({ status: 'failed', error: { code, message: 'words' } }).error?.code;

const search = (action?: string): JsonObject => ({
  type: 'web_search_call',
  ...(action === undefined ? {} : { action: { type: action } }),
});

const dialectAt = (preset: string) => {
  const options = { name: preset, preset, baseUrl: 'http://h/v1', apiKeys: [], headers: {}, models: [] };
  return makeProvider((defaults, transport) =>
    createOpenAiCompatibleProvider({ ...defaults, ...options }, transport),
  ).wire('responses', 'chat')?.dialect;
};

describe('responsesWire', () => {
  it('reads pieces of items that stand side by side, and refusals', () => {
    const events = read(
      { type: 'response.created', response: { id: 'resp_1', model: 'm' } },
      { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', id: 'rs_1' } },
      { type: 'response.reasoning_text.delta', output_index: 0, content_index: 0, delta: 'hm' },
      { type: 'response.output_item.added', output_index: 1, item: { type: 'function_call', call_id: 'a', name: 'f' } },
      { type: 'response.output_item.added', output_index: 2, item: { type: 'function_call', call_id: 'b', name: 'g' } },
      { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{}' },
      { type: 'response.function_call_arguments.delta', output_index: 1, delta: '{"x":' },
      { type: 'response.function_call_arguments.delta', output_index: 1, delta: '1}' },
      { type: 'response.output_item.done', output_index: 1, item: { type: 'function_call', arguments: '{"x":1}' } },
      { type: 'response.output_item.done', output_index: 2, item: { type: 'function_call', arguments: '{}' } },
      { type: 'response.output_item.added', output_index: 3, item: { type: 'message' } },
      { type: 'response.refusal.delta', output_index: 3, content_index: 0, delta: 'no' },
      { type: 'response.new_thing.delta', output_index: 9, delta: 'x' },
    );
    assert.deepEqual(events, [
      { type: 'message-start', id: 'resp_1', model: 'm' },
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
      { type: 'tool-call-start', choice: 0, index: 1, id: 'a', name: 'f' },
      { type: 'tool-call-start', choice: 0, index: 2, id: 'b', name: 'g' },
      { type: 'tool-call-delta', choice: 0, index: 2, argumentsText: '{}' },
      { type: 'tool-call-delta', choice: 0, index: 1, argumentsText: '{"x":' },
      { type: 'tool-call-delta', choice: 0, index: 1, argumentsText: '1}' },
      { type: 'tool-call-end', choice: 0, index: 1 },
      { type: 'tool-call-end', choice: 0, index: 2 },
      { type: 'refusal-delta', choice: 0, text: 'no' },
    ]);
  });

  it('says once what comes only when an item is done, and seals its reasoning', () => {
    const item = { type: 'reasoning', summary: [{ text: 'a' }, { text: 'b' }], encrypted_content: 'gAAA' };
    assert.deepEqual(
      read(
        { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', summary: [] } },
        { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'a' },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.output_item.done', output_index: 0, item },
      ),
      [
        { type: 'reasoning-delta', choice: 0, index: 0, text: 'a' },
        { type: 'reasoning-delta', choice: 0, index: 1, text: 'b' },
        { type: 'reasoning-signature', choice: 0, index: 1, signature: 'responses:gAAA', redacted: false },
      ],
    );
  });

  it('maps how a response ended; one that goes on in the background is no error', () => {
    assert.equal(whole({ status: 'completed' }).finishReason, 'stop');
    assert.equal(whole(cut('max_output_tokens')).finishReason, 'length');
    assert.equal(whole(cut('content_filter')).finishReason, 'content-filter');
    assert.equal(whole(cut('new')).finishReason, 'other');
    for (const status of ['queued', 'in_progress', 'cancelled']) {
      assert.deepEqual(whole({ status }), {
        responseModel: 'm',
        usage: undefined,
        finishReason: 'other',
        error: undefined,
      });
    }
    assert.equal(whole({ output: 'x' }).error?.code, 'provider_bad_response');
  });

  it("promise 10: a response that failed for the request's fault is the client's", () => {
    assert.equal(codeOf('server_error'), 'provider_error');
    assert.equal(codeOf('rate_limit_exceeded'), 'provider_rate_limited');
    assert.equal(codeOf('insufficient_quota'), 'provider_auth_failed');
    for (const code of ['invalid_prompt', 'image_too_large', 'failed_to_download_image', 'empty_image_file']) {
      assert.equal(codeOf(code), 'request_invalid', code);
    }
    for (const code of ['bio_policy', 'misalignment_policy_violation', 'image_content_policy_violation']) {
      assert.equal(codeOf(code), 'content_policy_violation', code);
    }
    const flat = read({ type: 'error', code: 'server_error', message: 'words', param: null });
    assert.equal(flat[0]?.type === 'error' && flat[0].error.message, 'words');
  });

  it('promise 6: counts the searches that are billed, and what the provider says that it charges', () => {
    const usage = {
      input_tokens: 5,
      output_tokens: 2,
      input_tokens_details: { cached_tokens: 1, cache_write_tokens: 2 },
    };
    assert.deepEqual(whole({ usage, service_tier: 'flex' }).usage, {
      inputTokens: 5,
      outputTokens: 2,
      cacheReadInputTokens: 1,
      cacheCreationInputTokens: 2,
      serviceTier: 'flex',
    });
    const output = [search('search'), search('open_page'), search(), search('search')];
    assert.equal(whole({ usage, output }).usage?.webSearchRequests, 3);
    const reported = { web_search: { num_requests: 1 } };
    assert.equal(whole({ usage, output, tool_usage: reported }).usage?.webSearchRequests, 1);
    const ticks = { ...usage, cost_in_usd_ticks: 123_456 };
    assert.equal(whole({ usage: ticks }).usage?.reportedCostNanoUsd, 12_346);
  });

  it('keeps a refusal for clients of this dialect', () => {
    const error = responsesWire.readError(400, {}, Buffer.from('{"error":{"message":"no","type":"t"}}'));
    assert.equal(error.refusal?.dialect, 'responses');
  });
});

describe('who is relayed', () => {
  const call = makeCall({
    dialect: 'responses',
    raw: Buffer.from('{"model":"chat", "input":"hi","previous_response_id":"resp_1","new_field":1}'),
    facts: { model: 'chat' },
    headers: { 'openai-beta': 'responses=v1', cookie: 'c', 'idempotency-key': 'k' },
  });

  it("promise 3: sends the client's bytes to OpenAI's responses, but for the model", () => {
    const provider = makeProvider(createOpenAiProvider);
    assert.equal(provider.wire('responses', 'chat'), responsesWire);
    const { request, patches, hideUsageFrame } = provider.plan(call, 'gpt-5-mini');
    assert.equal(request.path, '/v1/responses');
    assert.equal(
      request.body?.toString(),
      '{"model":"gpt-5-mini", "input":"hi","previous_response_id":"resp_1","new_field":1}',
    );
    assert.deepEqual(patches, [{ op: 'set', path: '/model', value: 'gpt-5-mini' }]);
    assert.equal(hideUsageFrame, false);
    const { 'openai-beta': beta, 'idempotency-key': key, cookie } = request.headers;
    assert.deepEqual([beta, key, cookie], ['responses=v1', 'k', undefined]);
  });

  it('relays to servers that keep responses, and translates for the others', () => {
    for (const preset of ['xai', 'fireworks', 'lmstudio']) assert.equal(dialectAt(preset), 'responses', preset);
    for (const preset of ['openrouter', 'ollama', 'vllm']) assert.equal(dialectAt(preset), 'openai', preset);
  });
});
