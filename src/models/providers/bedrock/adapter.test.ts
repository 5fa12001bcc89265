import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';

import { AWS_KEY, bedrockClient } from '../../../../test/support/bedrock-client.ts';
import { FakeTransport } from '../../../../test/support/fake-transport.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { OAUTH, passing } from '../../../../test/support/make-provider.ts';
import { verifySignature } from '../../../../test/support/sigv4.ts';
import { JSON_HEADERS, type ReceivedRequest, type Upstream, startUpstream } from '../../../../test/support/upstream.ts';
import type { Provider } from '../provider.ts';
import { type AccessSettings, resolveAccess } from './access.ts';
import { createBedrockProvider } from './adapter.ts';
import type { FetchCredentials } from './credentials.ts';

const MODELS = [
  'amazon.nova-lite-v1:0',
  'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/a'b (c)*!~_%3A",
];

const BASE = { name: 'aws', headers: {}, models: ['m'], apiKeys: [] };

interface Env {
  readonly env?: Readonly<Record<string, string>>;
  readonly fetch?: FetchCredentials;
}

function provider(settings: Partial<AccessSettings>, { env = {}, fetch }: Env = {}): Provider {
  const options = { ...BASE, baseUrl: undefined, ...settings };
  const found = fetch ?? ((): Promise<never> => Promise.reject(new Error('nothing found')));
  return createBedrockProvider(options, new FakeTransport(), () => resolveAccess(options, env, () => found));
}

describe('requests to Bedrock', () => {
  let upstream: Upstream;
  before(async () => {
    upstream = await startUpstream({ headers: JSON_HEADERS, chunks: ['{"output":{"message":{"content":[]}}}'] });
  });
  after(() => upstream.close());

  async function signed(settings: Partial<AccessSettings>, model: string): Promise<ReceivedRequest> {
    const target = provider({ ...AWS_KEY, region: 'eu-west-1', baseUrl: upstream.url, ...settings });
    const { request } = target.plan(makeCall({ headers: { traceparent: '00-1' } }), model);
    const { path, headers, body = '' } = (await target.authorize?.(request)) ?? request;
    const never = Promise.withResolvers<void>().promise;
    const host = new URL(request.origin).host;
    const text = Buffer.from(body).toString();
    return { method: 'POST', path, headers: { ...headers, host }, body: text, closed: never, release: () => {} };
  }

  for (const model of MODELS) {
    it(`have the path of the official client, and a signature that holds as its does: ${model}`, async () => {
      const sent = upstream.next();
      const messages = [{ role: 'user' as const, content: [{ text: 'Hello' }] }];
      await bedrockClient(upstream.url).send(new ConverseCommand({ modelId: model, messages }));
      const official = await sent;
      const ours = await signed({}, model);
      assert.equal(ours.path, official.path);
      assert.deepEqual(JSON.parse(ours.body), JSON.parse(official.body));
      const theirs = verifySignature(official, AWS_KEY.secretAccessKey);
      const { key, region, service, names } = verifySignature(ours, AWS_KEY.secretAccessKey);
      assert.deepEqual([key, region, service], [theirs.key, theirs.region, theirs.service]);
      assert.deepEqual(names, ['content-type', 'host', 'x-amz-content-sha256', 'x-amz-date']);
      assert.equal(ours.headers['traceparent'], '00-1');
    });
  }

  it('sign the token of temporary credentials too', async () => {
    const request = await signed({ sessionToken: 'token' }, 'm');
    assert.ok(verifySignature(request, AWS_KEY.secretAccessKey).names.includes('x-amz-security-token'));
    assert.equal(request.headers['x-amz-security-token'], 'token');
  });

  it('a changed body or path breaks the signature', async () => {
    const request = await signed({}, 'm');
    assert.throws(() => verifySignature({ ...request, path: '/model/n/converse' }, AWS_KEY.secretAccessKey));
    assert.throws(() => verifySignature({ ...request, body: `${request.body} ` }, AWS_KEY.secretAccessKey));
  });

  it('carry a Bedrock API key as a Bearer, unsigned', () => {
    const target = provider({ apiKeys: ['key'], region: 'eu-west-1' });
    const { request } = target.plan(makeCall(), 'm');
    assert.equal(request.origin, 'https://bedrock-runtime.eu-west-1.amazonaws.com');
    assert.equal(request.headers['authorization'], 'Bearer key');
    assert.ok(!('authorize' in target));
  });

  it('go to the stream where one is asked for', () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream: true };
    const { request } = provider({ apiKeys: ['key'], region: 'cn-north-1' }).plan(makeCall({ json: body }), 'm');
    assert.equal(request.path, '/model/m/converse-stream');
    assert.equal(request.origin, 'https://bedrock-runtime.cn-north-1.amazonaws.com.cn');
  });

  it("promise 12: a client's own credential is another provider's and stays here", () => {
    const target = provider({ apiKeys: ['key'], region: 'eu-west-1' });
    for (const dialect of ['openai', 'anthropic'] as const) {
      const { request } = target.plan(passing(OAUTH, dialect), 'm');
      assert.equal(request.headers['authorization'], 'Bearer key');
    }
  });

  it('promise 10: what is missing is for the operator to set', async () => {
    assert.throws(() => provider({ apiKeys: ['key'] }).plan(makeCall(), 'm'), {
      code: 'provider_auth_failed',
      message: /providers\.aws\.region/,
    });
    const target = provider({ region: 'eu-west-1' });
    const { request } = target.plan(makeCall(), 'm');
    await assert.rejects(target.authorize?.(request) ?? Promise.resolve(), {
      code: 'provider_auth_failed',
      message: /providers\.aws\.accessKeyId/,
    });
  });

  it('are priced by their region, but through inference profiles, which serve several', () => {
    const target = provider({ apiKeys: ['key'], region: 'eu-west-1' });
    const profiles = ['us', 'us-gov', 'eu', 'apac', 'au', 'jp', 'in', 'global'].map((place) => `${place}.anthropic.m`);
    assert.deepEqual(
      ['amazon.nova-lite-v1:0', 'ai21.m', 'user.m', ...profiles].map((model) => target.region?.(model)),
      ['eu-west-1', 'eu-west-1', 'eu-west-1', ...profiles.map(() => undefined)],
    );
    const elsewhere = provider({ apiKeys: ['key'], baseUrl: 'http://proxy.test' });
    assert.equal(elsewhere.region?.('amazon.nova-lite-v1:0'), 'unknown');
  });

  it('are for chat, and own no model names but those that are configured', () => {
    const target = provider({ apiKeys: ['key'], region: 'eu-west-1' });
    assert.equal(target.wire('openai', 'chat')?.dialect, 'converse');
    assert.equal(target.wire('openai', 'moderation'), undefined);
    assert.deepEqual(
      ['m', 'claude-sonnet-4-5'].map((name) => target.ownsModel(name)),
      [true, false],
    );
  });
});
