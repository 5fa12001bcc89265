import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import { ERRORS, type ErrorCode, GatewayError } from '../../src/core/errors.ts';
import { type FakeEdge, startEdge, wholeReply } from './fake-edge.ts';

const MESSAGES = [{ role: 'user' as const, content: 'hi' }];

function openaiOf(edge: FakeEdge, maxRetries = 0): OpenAI {
  return new OpenAI({ apiKey: 'cw-good', baseURL: `${edge.url}/v1`, maxRetries });
}

function anthropicOf(edge: FakeEdge, maxRetries = 0): Anthropic {
  return new Anthropic({ apiKey: 'cw-good', baseURL: edge.url, maxRetries });
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (thrown) {
    return thrown;
  }
  return assert.fail('nothing was thrown');
}

async function edgeThatFails(t: TestContext, error: GatewayError) {
  let calls = 0;
  const edge = await startEdge(t, {
    handler: () => {
      calls += 1;
      return Promise.reject(error);
    },
  });
  return { edge, calls: () => calls };
}

type ErrorClass = abstract new (...args: never[]) => Error;

const OPENAI_CLASSES: Partial<Record<number, ErrorClass>> = {
  400: OpenAI.BadRequestError,
  401: OpenAI.AuthenticationError,
  403: OpenAI.PermissionDeniedError,
  404: OpenAI.NotFoundError,
  429: OpenAI.RateLimitError,
  500: OpenAI.InternalServerError,
};
const ANTHROPIC_CLASSES: Partial<Record<number, ErrorClass>> = {
  400: Anthropic.BadRequestError,
  401: Anthropic.AuthenticationError,
  403: Anthropic.PermissionDeniedError,
  404: Anthropic.NotFoundError,
  429: Anthropic.RateLimitError,
  500: Anthropic.InternalServerError,
};

test('promise 10: every error code reaches the official SDKs as the exception of its status', async (t) => {
  let code: ErrorCode = 'internal';
  const edge = await startEdge(t, { handler: () => Promise.reject(new GatewayError(code)) });
  for (code of Object.keys(ERRORS) as ErrorCode[]) {
    const { row } = new GatewayError(code);
    const classStatus = row.status >= 500 ? 500 : row.status;
    const ofOpenAI = await thrownBy(openaiOf(edge).chat.completions.create({ model: 'm', messages: MESSAGES }));
    assert.ok(ofOpenAI instanceof OpenAI.APIError && ofOpenAI instanceof (OPENAI_CLASSES[classStatus] ?? Error), code);
    assert.deepEqual([ofOpenAI.status, ofOpenAI.code, ofOpenAI.type], [row.status, code, row.openai]);
    assert.match(String(ofOpenAI.requestID), /^[0-9a-f]{32}$/);
    const ofAnthropic = await thrownBy(
      anthropicOf(edge).messages.create({ model: 'm', max_tokens: 5, messages: MESSAGES }),
    );
    assert.ok(ofAnthropic instanceof Anthropic.APIError, code);
    assert.ok(ofAnthropic instanceof (ANTHROPIC_CLASSES[classStatus] ?? Error), code);
    assert.deepEqual([ofAnthropic.status, ofAnthropic.type], [row.anthropicStatus ?? row.status, row.anthropic]);
    assert.match(String(ofAnthropic.requestID), /^[0-9a-f]{32}$/);
  }
});

test('promise 10: the SDKs retry what may succeed later, and nothing else', async (t) => {
  const overloaded = await edgeThatFails(t, new GatewayError('provider_overloaded', { retryAfterMs: 1 }));
  await thrownBy(openaiOf(overloaded.edge, 1).chat.completions.create({ model: 'm', messages: MESSAGES }));
  assert.equal(overloaded.calls(), 2);
  const outOfTime = await edgeThatFails(t, new GatewayError('deadline_exceeded'));
  await thrownBy(openaiOf(outOfTime.edge, 2).chat.completions.create({ model: 'm', messages: MESSAGES }));
  await thrownBy(anthropicOf(outOfTime.edge, 2).messages.create({ model: 'm', max_tokens: 5, messages: MESSAGES }));
  assert.equal(outOfTime.calls(), 2);
});

test('Retry-After is whole seconds, rounded up', async (t) => {
  const { edge } = await edgeThatFails(t, new GatewayError('provider_rate_limited', { retryAfterMs: 1200 }));
  const thrown = await thrownBy(openaiOf(edge).chat.completions.create({ model: 'm', messages: MESSAGES }));
  assert.ok(thrown instanceof OpenAI.RateLimitError);
  assert.equal(thrown.headers.get('retry-after'), '2');
});

test("a provider's own refusal is shown as it came", async (t) => {
  const body = {
    error: { message: 'too long', type: 'invalid_request_error', param: 'messages', code: 'ctx', more: 1 },
  };
  const refusal = {
    dialect: 'openai' as const,
    status: 422,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'req_provider' },
    body: Buffer.from(JSON.stringify(body)),
  };
  const { edge } = await edgeThatFails(t, new GatewayError('request_invalid', { refusal }));
  const thrown = await thrownBy(openaiOf(edge).chat.completions.create({ model: 'm', messages: MESSAGES }));
  assert.ok(thrown instanceof OpenAI.UnprocessableEntityError);
  assert.deepEqual(thrown.error, body.error);
  assert.equal(thrown.requestID, 'req_provider');
  assert.match(thrown.headers.get('x-causeway-request-id') ?? '', /^[0-9a-f]{32}$/);
});

test('promise 12: what was thrown inside is logged and never rendered', async (t) => {
  const edge = await startEdge(t, { handler: () => Promise.reject(new TypeError('secret sk-123 leaked')) });
  const response = await fetch(`${edge.url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const text = await response.text();
  assert.equal(response.status, 500);
  assert.doesNotMatch(text, /secret|TypeError|at .*\.ts/);
  assert.equal(edge.logged.length, 1);
  assert.match(String((edge.logged[0] as { err: unknown }).err), /secret sk-123/);
});

test('a reply with a header that HTTP does not allow is an internal error, not a hang', async (t) => {
  const edge = await startEdge(t, { handler: () => Promise.resolve(wholeReply({}, { 'x-bad': 'a\nb' })) });
  const thrown = await thrownBy(openaiOf(edge).chat.completions.create({ model: 'm', messages: MESSAGES }));
  assert.ok(thrown instanceof OpenAI.InternalServerError);
  assert.equal(edge.logged.length, 1);
});

test('the SDKs list models, each in its own shape, and get one by an id with a slash and a colon', async (t) => {
  const edge = await startEdge(t);
  const openai = openaiOf(edge);
  const listed = (await openai.models.list()).data;
  assert.deepEqual(listed, [{ id: 'lab/echo:1', object: 'model', created: 1_700_000_000, owned_by: 'lab' }]);
  assert.equal((await openai.models.retrieve('lab/echo:1')).id, 'lab/echo:1');
  const anthropic = anthropicOf(edge);
  const ids: string[] = [];
  for await (const { id, type } of anthropic.models.list()) ids.push(`${type} ${id}`);
  assert.deepEqual(ids, ['model lab/echo:1']);
  assert.equal((await anthropic.models.retrieve('lab/echo:1')).display_name, 'lab/echo:1');
  assert.equal(edge.refusals.length, 0);
  assert.ok((await thrownBy(openai.models.retrieve('lab/none'))) instanceof OpenAI.NotFoundError);
  assert.deepEqual(
    edge.refusals.map(({ error }) => error.code),
    ['model_not_found'],
  );
});

test('listing models needs a key, and a refusal is recorded once', async (t) => {
  const edge = await startEdge(t);
  const wrong = new Anthropic({ apiKey: 'cw-wrong', baseURL: edge.url, maxRetries: 0 });
  assert.ok((await thrownBy(wrong.models.list())) instanceof Anthropic.AuthenticationError);
  assert.deepEqual(
    edge.refusals.map(({ call, error }) => [call.dialect, call.endpoint, error.code]),
    [['anthropic', '/v1/models', 'auth_invalid_key']],
  );
});
