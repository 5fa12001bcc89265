import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { AzureOpenAI } from 'openai';

import { FakeTransport } from '../../../../test/support/fake-transport.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { recordedText, recordingsMissing } from '../../../../test/support/recordings.ts';
import { JSON_HEADERS, type ReceivedRequest, type Upstream, startUpstream } from '../../../../test/support/upstream.ts';
import type { Operation } from '../../../core/call.ts';
import { type Json, isJsonObject } from '../../../core/json.ts';
import type { Provider } from '../provider.ts';
import { type AzureOpenAiOptions, createAzureOpenAiProvider } from './adapter.ts';
import type { FetchToken } from './entra-token.ts';

const DATED = '2024-10-21';

function azure(options: Partial<AzureOpenAiOptions> = {}, fetchToken?: FetchToken): Provider {
  const defaults: AzureOpenAiOptions = {
    name: 'az',
    baseUrl: 'https://res.openai.azure.com',
    apiKeys: ['key-1'],
    headers: {},
    models: [],
    deployments: new Map([['gpt-5-mini', 'prod mini']]),
    entra: false,
  };
  return createAzureOpenAiProvider({ ...defaults, ...options }, new FakeTransport(), fetchToken);
}

function pathTo(provider: Provider, operation: Operation = 'chat', model = 'gpt-4.1'): string {
  return provider.plan(makeCall({ operation, json: { model, messages: [], input: 'a' } }), model).request.path;
}

function bodyTo(provider: Provider, model: string, json: Json): Json {
  const { request } = provider.plan(makeCall({ json }), model);
  return JSON.parse(Buffer.from(request.body ?? []).toString()) as Json;
}

function headersOf(provider: Provider): Record<string, string> {
  return provider.plan(makeCall(), 'm').request.headers;
}

describe('azure-openai', () => {
  it('finds the newer API from whatever address was copied', () => {
    for (const path of ['', '/', '/openai', '/openai/v1', '/openai/v1/']) {
      const provider = azure({ baseUrl: `https://res.openai.azure.com${path}` });
      assert.equal(pathTo(provider), '/openai/v1/chat/completions', path);
      assert.equal(pathTo(provider, 'embeddings'), '/openai/v1/embeddings', path);
    }
  });

  it('names the deployment in the body where the model has another name', () => {
    const body = { model: 'gpt-5-mini', messages: [] };
    assert.deepEqual(bodyTo(azure(), 'gpt-5-mini', body), { model: 'prod mini', messages: [] });
    const { patches } = azure().plan(makeCall({ json: body }), 'gpt-5-mini');
    assert.deepEqual(patches, [{ op: 'set', path: '/model', value: 'prod mini' }]);
    assert.deepEqual(bodyTo(azure(), 'gpt-4.1', { model: 'gpt-4.1', messages: [] }), {
      model: 'gpt-4.1',
      messages: [],
    });
  });

  it("keeps what is known of the model, although the deployment's name says nothing", () => {
    const call = makeCall({
      dialect: 'anthropic',
      json: { model: 'gpt-5-mini', max_tokens: 9, stop_sequences: ['x'], messages: [{ role: 'user', content: 'a' }] },
    });
    const { request, translation } = azure().plan(call, 'gpt-5-mini');
    const body = JSON.parse(Buffer.from(request.body ?? []).toString()) as Json;
    assert.ok(isJsonObject(body) && body['stop'] === undefined && body['max_completion_tokens'] === 9);
    assert.deepEqual(
      translation?.notes.map(({ field }) => field),
      ['stop_sequences'],
    );
  });

  it('asks older APIs for nothing that they do not know', () => {
    const stream = { model: 'm', stream: true, messages: [] };
    assert.deepEqual(bodyTo(azure({ apiVersion: '2024-02-01' }), 'm', stream), stream);
    assert.deepEqual(bodyTo(azure({ apiVersion: DATED }), 'm', stream), {
      ...stream,
      stream_options: { include_usage: true },
    });
  });

  it('serves what Azure has, chat for any dialect', () => {
    const provider = azure();
    assert.ok(provider.wire('anthropic', 'chat') && provider.wire('gemini', 'chat'));
    for (const operation of ['completion', 'embeddings', 'speech', 'transcription', 'image', 'image-edit'] as const) {
      assert.ok(provider.wire('openai', operation), operation);
    }
    for (const operation of ['moderation', 'rerank', 'image-variation'] as const) {
      assert.equal(provider.wire('openai', operation), undefined, operation);
    }
  });

  it('knows the models that the operator names, and no others', () => {
    const provider = azure({ models: ['gpt-4.1'] });
    assert.deepEqual(provider.models, ['gpt-4.1', 'gpt-5-mini']);
    assert.ok(provider.ownsModel('gpt-5-mini') && !provider.ownsModel('gpt-5'));
  });

  it('shows a key, or a token of the operator, or the token of a sign-in', async () => {
    assert.equal(headersOf(azure())['api-key'], 'key-1');
    assert.ok(!('authorize' in azure()));
    const own = headersOf(azure({ entraToken: 'mine', entra: true }));
    assert.deepEqual([own['authorization'], own['api-key']], ['Bearer mine', undefined]);
    let asked = 0;
    const signedIn = azure({ entra: true }, () => {
      asked += 1;
      return Promise.resolve({ token: 'fetched', expiresOnTimestamp: Date.now() + 3_600_000 });
    });
    const { request } = signedIn.plan(makeCall(), 'm');
    const [first, second] = await Promise.all([signedIn.authorize?.(request), signedIn.authorize?.(request)]);
    assert.deepEqual(first?.headers, { ...request.headers, authorization: 'Bearer fetched' });
    assert.deepEqual(second?.headers['authorization'], 'Bearer fetched');
    assert.ok(!('api-key' in request.headers));
    assert.equal(asked, 1);
  });

  it('says what to set where it has no credential', () => {
    assert.throws(() => azure({ apiKeys: [] }).plan(makeCall(), 'm'), {
      code: 'provider_auth_failed',
      message: /providers\.az\.apiKey, entraToken or entra/,
    });
  });

  it('relays responses by one path for all deployments, and translates them where the version has none', () => {
    const call = makeCall({ dialect: 'responses', json: { model: 'gpt-5-mini', input: 'a' } });
    const pathAt = (apiVersion?: string) => azure({ apiVersion }).plan(call, 'gpt-5-mini').request.path;
    assert.equal(pathAt(), '/openai/v1/responses');
    assert.equal(pathAt('2025-04-01-preview'), '/openai/responses?api-version=2025-04-01-preview');
    const { patches } = azure().plan(call, 'gpt-5-mini');
    assert.deepEqual(patches, [{ op: 'set', path: '/model', value: 'prod mini' }]);
    assert.equal(azure().wire('responses', 'chat')?.dialect, 'responses');
    assert.equal(azure({ apiVersion: DATED }).wire('responses', 'chat')?.dialect, 'openai');
  });

  it('gives back what it keeps by the newer API', () => {
    assert.ok(azure().wire('openai', 'resource') && azure().wire('responses', 'resource'));
    assert.equal(azure({ apiVersion: DATED }).wire('openai', 'resource'), undefined);
  });

  it('embeds under the path of the deployment', () => {
    const embedding = { inputs: ['a'], encoding: 'float', extra: {} } as const;
    const pathOf = (provider: Provider) =>
      provider.embedder?.request(makeCall({ operation: 'embeddings' }), 'gpt-5-mini', embedding).path;
    assert.equal(pathOf(azure()), '/openai/v1/embeddings');
    assert.equal(
      pathOf(azure({ apiVersion: DATED })),
      `/openai/deployments/prod%20mini/embeddings?api-version=${DATED}`,
    );
  });
});

describe("azure-openai beside Azure's official client", () => {
  let double: Upstream;
  let client: AzureOpenAI;
  before(async () => {
    double = await startUpstream({ headers: JSON_HEADERS, chunks: ['{"data":[],"choices":[],"text":""}'] });
    client = new AzureOpenAI({ endpoint: double.url, apiKey: 'key-1', apiVersion: DATED, maxRetries: 0 });
  });
  after(() => double.close());

  async function sentBy(ask: () => Promise<unknown>): Promise<ReceivedRequest> {
    await ask();
    const last = double.received.at(-1);
    assert.ok(last);
    return last;
  }

  const file = new File(['a'], 'a.wav');
  const asked: readonly { operation: Operation; ask: () => Promise<unknown> }[] = [
    { operation: 'chat', ask: () => client.chat.completions.create({ model: 'prod mini', messages: [] }) },
    { operation: 'completion', ask: () => client.completions.create({ model: 'prod mini', prompt: 'a' }) },
    {
      operation: 'embeddings',
      ask: () => client.embeddings.create({ model: 'prod mini', input: 'a', encoding_format: 'float' }),
    },
    { operation: 'speech', ask: () => client.audio.speech.create({ model: 'prod mini', input: 'a', voice: 'alloy' }) },
    { operation: 'transcription', ask: () => client.audio.transcriptions.create({ model: 'prod mini', file }) },
    { operation: 'audio-translation', ask: () => client.audio.translations.create({ model: 'prod mini', file }) },
    { operation: 'image', ask: () => client.images.generate({ model: 'prod mini', prompt: 'a' }) },
    { operation: 'image-edit', ask: () => client.images.edit({ model: 'prod mini', prompt: 'a', image: file }) },
  ];
  for (const { operation, ask } of asked) {
    it(`sends ${operation} to the same path with the same credential`, async () => {
      const { path, headers } = await sentBy(ask);
      const { request } = azure({ apiVersion: DATED }).plan(
        makeCall({ operation, json: { model: 'gpt-5-mini', messages: [], input: 'a', prompt: 'a' } }),
        'gpt-5-mini',
      );
      assert.equal(request.path, path);
      assert.equal(request.headers['api-key'], headers['api-key']);
      assert.equal(request.headers['authorization'], headers['authorization']);
    });
  }

  it('sends responses to the same path', async () => {
    const apiVersion = '2025-04-01-preview';
    const newer = new AzureOpenAI({ endpoint: double.url, apiKey: 'key-1', apiVersion, maxRetries: 0 });
    const { path } = await sentBy(() => newer.responses.create({ model: 'prod mini', input: 'a' }));
    const call = makeCall({ dialect: 'responses', json: { model: 'gpt-5-mini', input: 'a' } });
    assert.equal(azure({ apiVersion }).plan(call, 'gpt-5-mini').request.path, path);
  });
});

describe("azure-openai's answers", () => {
  const wire = azure().wire('openai', 'chat');

  it("promise 10: a prompt that Azure's filter refuses is the client's to change, and is told as it came", () => {
    const body = {
      error: {
        message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        param: 'prompt',
        code: 'content_filter',
        status: 400,
        innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: { hate: { filtered: true } } },
      },
    };
    const error = wire?.readError(400, JSON_HEADERS, Buffer.from(JSON.stringify(body)));
    assert.equal(error?.code, 'content_policy_violation');
    assert.equal(error.origin, 'client');
    assert.deepEqual(JSON.parse(Buffer.from(error.refusal?.body ?? []).toString()), body);
  });

  it('tells a missing deployment, a wrong key and a limit apart, and says how long to wait', () => {
    const read = (status: number, code: string, headers: Record<string, string> = {}) =>
      wire?.readError(status, headers, Buffer.from(JSON.stringify({ error: { code, message: 'm' } })));
    assert.equal(read(404, 'DeploymentNotFound')?.code, 'model_not_found');
    assert.equal(read(401, '401')?.code, 'provider_auth_failed');
    const limited = read(429, '429', { 'retry-after-ms': '1500', 'retry-after': '2' });
    assert.equal(limited?.code, 'provider_rate_limited');
    assert.equal(limited.retryAfterMs, 1500);
    const older = wire?.readError(401, {}, Buffer.from('{"statusCode":401,"message":"Unauthorized"}'));
    assert.equal(older?.code, 'provider_auth_failed');
  });

  it('reads a status that stands as text in a stream', () => {
    const reader = wire?.streamReader({ hideUsageFrame: false });
    const reading = reader?.step({ event: undefined, data: '{"error":{"code":"429","message":"m"}}' });
    const [event] = reading?.events ?? [];
    assert.ok(event?.type === 'error' && event.error.code === 'provider_rate_limited');
  });

  for (const file of [
    'openai/src/chat/__fixtures__/azure-model-router.1.chunks.txt',
    'azure/src/__fixtures__/azure-deepseek-reasoning.1.chunks.txt',
  ]) {
    it(`reads ${file}`, { skip: recordingsMissing() }, () => {
      const chunks = recordedText(file).split('\n').filter(Boolean);
      const reader = wire?.streamReader({ hideUsageFrame: true });
      const readings = chunks.map((data) => reader?.step({ event: undefined, data }));
      const events = readings.flatMap((reading) => reading?.events ?? []);
      const said = (type: string) =>
        events.flatMap((event) => (event.type === type && 'text' in event ? [event.text] : [])).join('');
      const raw = chunks.map((chunk) => JSON.parse(chunk) as Raw);
      const deltas = raw.flatMap(({ choices }) => choices.map(({ delta }) => delta));
      assert.equal(said('text-delta'), deltas.map(({ content }) => content ?? '').join(''));
      assert.equal(said('reasoning-delta'), deltas.map(({ reasoning_content: text }) => text ?? '').join(''));
      assert.ok(reader?.complete);
      const usage = events.findLast((event) => event.type === 'usage');
      const reported = raw.findLast((chunk) => chunk.usage)?.usage;
      assert.equal(usage?.type === 'usage' && usage.usage.inputTokens, reported?.prompt_tokens);
      assert.equal(usage?.type === 'usage' && usage.usage.outputTokens, reported?.completion_tokens);
      // The filter's verdict on the prompt comes first and is no content.
      assert.notEqual(events[0]?.type, 'text-delta');
      assert.equal(events.filter(({ type }) => type === 'message-start').length, 1);
    });
  }
});

interface Raw {
  readonly choices: readonly {
    readonly delta: { readonly content?: string | null; readonly reasoning_content?: string | null };
  }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
}
