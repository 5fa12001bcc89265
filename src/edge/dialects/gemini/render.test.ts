import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ERRORS, type ErrorCode, GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { errorEvent } from './error-event.ts';
import { renderError } from './render-error.ts';
import { renderModel, renderModels } from './render-models.ts';

function bodyOf(error: GatewayError): JsonObject {
  return JSON.parse(Buffer.from(renderError(error, 'r1').body).toString('utf8')) as JsonObject;
}

test('an error as Google writes it, with the field and the time to wait', () => {
  const error = new GatewayError('provider_rate_limited', { retryAfterMs: 34_400, param: 'contents' });
  const { status, headers } = renderError(error, 'r1');
  assert.deepEqual([status, headers['retry-after']], [429, '35']);
  assert.deepEqual(bodyOf(error), {
    error: {
      code: 429,
      message: error.message,
      status: 'RESOURCE_EXHAUSTED',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'PROVIDER_RATE_LIMITED', domain: 'causeway' },
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'contents', description: error.message }],
        },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' },
      ],
    },
  });
});

test('every error has a word of Google, and is one that the SDK throws within a stream', () => {
  const words = Object.keys(ERRORS).map((code) => {
    const error = new GatewayError(code as ErrorCode);
    const body = bodyOf(error);
    const { status, code: number } = body['error'] as JsonObject;
    assert.ok(Number(number) >= 400 && Number(number) < 600);
    assert.equal(errorEvent(error), `data: ${JSON.stringify(body)}\n\n`);
    return [code, status];
  });
  const byCode = Object.fromEntries(words) as Record<ErrorCode, string>;
  assert.equal(byCode.request_invalid, 'INVALID_ARGUMENT');
  assert.equal(byCode.auth_invalid_key, 'UNAUTHENTICATED');
  assert.equal(byCode.auth_forbidden, 'PERMISSION_DENIED');
  assert.equal(byCode.model_not_found, 'NOT_FOUND');
  assert.equal(byCode.request_too_large, 'INVALID_ARGUMENT');
  assert.equal(byCode.internal, 'INTERNAL');
  assert.equal(byCode.provider_overloaded, 'UNAVAILABLE');
  assert.equal(byCode.provider_timeout, 'DEADLINE_EXCEEDED');
});

test("Google's own refusal is shown as it came", () => {
  const refusal = { dialect: 'gemini', status: 400, headers: { a: 'b' }, body: Buffer.from('{"error":{}}') } as const;
  const answer = renderError(new GatewayError('request_invalid', { refusal }), 'r1');
  assert.deepEqual(
    [answer.status, answer.headers, Buffer.from(answer.body).toString()],
    [400, { a: 'b' }, '{"error":{}}'],
  );
});

test('models', () => {
  const entry = { ownedBy: 'x', createdAt: undefined };
  const known = { contextTokens: 1000, outputTokens: 10, reasoning: true };
  assert.deepEqual(renderModel({ ...entry, id: 'ollama/qwen3:8b', capabilities: known }), {
    name: 'models/ollama/qwen3:8b',
    baseModelId: 'ollama/qwen3:8b',
    displayName: 'ollama/qwen3:8b',
    inputTokenLimit: 1000,
    outputTokenLimit: 10,
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
    thinking: true,
  });
  assert.deepEqual(renderModels([{ ...entry, id: 'a/text-embedding-3' }]), {
    models: [
      {
        name: 'models/a/text-embedding-3',
        baseModelId: 'a/text-embedding-3',
        displayName: 'a/text-embedding-3',
        supportedGenerationMethods: ['embedContent', 'batchEmbedContents'],
      },
    ],
  });
});
