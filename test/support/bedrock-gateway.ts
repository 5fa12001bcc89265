import assert from 'node:assert/strict';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import { AWS_KEY } from './bedrock-client.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { verifySignature } from './sigv4.ts';
import { JSON_HEADERS, type ReceivedRequest, type Upstream, type UpstreamAnswer, startUpstream } from './upstream.ts';

/** A gateway between official clients and a stand-in for Bedrock that checks signatures. */
export interface BedrockGateway {
  readonly gateway: Gateway;
  readonly upstream: Upstream;
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  /** What was sent last, its signature found right. */
  sent(): { readonly request: ReceivedRequest; readonly body: JsonObject };
  close(): Promise<void>;
}

/** Providers: `aws` signs, `keyed` has an API key, and for `nowhere` there are no credentials. */
export async function startBedrockGateway(): Promise<BedrockGateway> {
  const upstream = await startUpstream();
  const { accessKeyId, secretAccessKey } = AWS_KEY;
  const common = `type: bedrock, region: eu-west-1, baseUrl: "${upstream.url}"`;
  const gateway = await startGateway({
    config: [
      'providers:',
      `  aws: { ${common}, accessKeyId: ${accessKeyId}, secretAccessKey: "${secretAccessKey}" }`,
      `  keyed: { ${common}, apiKey: bedrock-key }`,
      `  nowhere: { ${common}, profile: there-is-none }`,
    ].join('\n'),
  });
  const { url, apiKey } = gateway;
  return {
    gateway,
    upstream,
    openai: new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 }),
    anthropic: new Anthropic({ apiKey, baseURL: url, maxRetries: 0 }),
    sent() {
      const request = upstream.received.at(-1);
      assert.ok(request);
      const { key, region, service } = verifySignature(request, secretAccessKey);
      assert.deepEqual([key, region, service], [accessKeyId, 'eu-west-1', 'bedrock']);
      return { request, body: JSON.parse(request.body) as JsonObject };
    },
    async close() {
      await gateway.close();
      await upstream.close();
    },
  };
}

/** An answer of Converse in one piece. */
export function converseSays(content: readonly object[], stopReason: string): UpstreamAnswer {
  const usage = { inputTokens: 9, outputTokens: 3 };
  const body = { output: { message: { role: 'assistant', content } }, stopReason, usage, metrics: { latencyMs: 1 } };
  return { headers: { ...JSON_HEADERS, 'x-amzn-requestid': 'req_1' }, chunks: [JSON.stringify(body)] };
}
