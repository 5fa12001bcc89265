import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';

import { openAiRequests } from '../../../../test/support/openai-requests.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import { decode } from './decode.ts';
import { readNeeds } from './needs.ts';

const HELLO: JsonObject = { role: 'user', content: 'hi' };
const FUNCTION: JsonObject = { name: 'f', parameters: { type: 'object' } };
const TOOL: JsonObject = { type: 'function', function: FUNCTION };

test('what is not of its type is refused with the field and what would be right', () => {
  const cases: [JsonObject, string, RegExp][] = [
    [{ temperature: 'hot' }, 'temperature', /must be a number/],
    [{ temperature: 3 }, 'temperature', /from 0 to 2/],
    [{ n: 0 }, 'n', /whole number from 1 to 128/],
    [{ max_tokens: 1.5 }, 'max_tokens', /whole number, at least 1/],
    [{ stop: ['a', 1] }, 'stop[1]', /must be a string/],
    [{ stop: 1 }, 'stop', /must be a list/],
    [{ top_logprobs: 2 }, 'top_logprobs', /goes with `logprobs`/],
    [{ logit_bias: { a: 'x' } }, 'logit_bias.a', /must be a number/],
    [{ reasoning_effort: 'huge' }, 'reasoning_effort', /one of "none", "minimal"/],
    [{ response_format: { type: 'xml' } }, 'response_format.type', /"json_schema"/],
    [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema', /is missing/],
    [{ tools: [{ name: 'f', input_schema: {} }] }, 'tools[0].type', /is missing/],
    [{ tools: [{ type: 'function', function: { name: '' } }] }, 'tools[0].function.name', /must not be empty/],
    [{ tools: [TOOL], tool_choice: 'any' }, 'tool_choice', /must be "auto"/],
    [{ tool_choice: 'required' }, 'tool_choice', /has no tools/],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, 'tool_choice.function.name', /a tool of this/],
    [{ tools: [TOOL], functions: [FUNCTION] }, 'functions', /one of the two/],
    [{ messages: ['hi'] }, 'messages[0]', /must be an object/],
    [{ messages: [{ role: 'robot', content: 'x' }] }, 'messages[0].role', /one of "developer"/],
    [{ messages: [{ role: 'user', content: 5 }] }, 'messages[0].content', /a string, or a list/],
    [{ messages: [{ role: 'user', content: [{ text: 'x' }] }] }, 'messages[0].content[0].type', /is missing/],
    [{ messages: [{ role: 'system', content: [{ type: 'image_url' }] }] }, 'messages[0].content[0].type', /text/],
    [image('ftp://x'), 'messages[0].content[0].image_url.url', /https URL, or a data URL/],
    [image('data:image/png,abc'), 'messages[0].content[0].image_url.url', /data URL/],
    [fileOf({}), 'messages[0].content[0].file.file_data', /file_id/],
    [fileOf({ file_data: 'AAAA' }), 'messages[0].content[0].file.file_data', /data URL/],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id', /is missing/],
    [{ messages: [{ role: 'function', name: 'f', content: 'x' }] }, 'messages[0].name', /called before/],
    [{ messages: [{ ...HELLO, cache_control: { type: 'x' } }] }, 'messages[0].cache_control.type', /ephemeral/],
  ];
  for (const [fields, param, says] of cases) {
    assert.throws(
      () => decode({ model: 'm', messages: [HELLO], ...fields }),
      (error) => {
        assert.ok(error instanceof GatewayError, String(error));
        assert.deepEqual([error.code, error.param], ['request_invalid', param]);
        assert.match(error.message, says);
        return true;
      },
    );
  }
});

function image(url: string): JsonObject {
  return { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] };
}

function fileOf(fields: JsonObject): JsonObject {
  return { messages: [{ role: 'user', content: [{ type: 'file', file: fields }] }] };
}

test('any request is decoded or refused, by name, and needs agree with what is decoded', () => {
  fc.assert(
    fc.property(openAiRequests(), (body) => {
      const needs = readNeeds(body);
      let request: InferenceRequest;
      try {
        request = decode(structuredClone(body));
      } catch (error) {
        assert.ok(error instanceof GatewayError, String(error));
        assert.ok(['request_invalid', 'capability_unsupported'].includes(error.code), error.message);
        assert.ok(error.param !== undefined && error.message.includes(`\`${error.param}\``), error.message);
        return;
      }
      const { fields } = request;
      assert.deepEqual(decode(structuredClone(body)), request);
      assert.equal(needs.streaming, request.stream);
      assert.equal(needs.tools, request.tools.length > 0);
      assert.equal(needs.vision, fields['image-data'] !== undefined || fields['image-url'] !== undefined);
      assert.equal(needs.audioInput, fields['audio-input'] !== undefined);
      assert.equal(needs.jsonSchema, fields['json-schema'] !== undefined);
      assert.equal(needs.reasoning, fields['reasoning-effort'] !== undefined);
      assert.equal(needs.prefill, fields.prefill !== undefined);
      assert.equal(needs.outputTokens, request.maxOutputTokens);
      for (const note of request.notes) assert.ok(note.field !== '' && note.says.startsWith('is '), note.field);
    }),
    { numRuns: 300 },
  );
});

test('any JSON is decoded or refused', () => {
  const names = [
    'messages',
    'tools',
    'tool_choice',
    'functions',
    'function_call',
    'stop',
    'response_format',
    'thinking',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), (fields) => {
      readNeeds(fields);
      try {
        decode(structuredClone(fields));
      } catch (error) {
        assert.ok(error instanceof GatewayError, String(error));
      }
    }),
  );
});
