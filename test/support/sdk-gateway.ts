import assert from 'node:assert/strict';

import { type AnthropicProvider, createAnthropic } from '@ai-sdk/anthropic';
import { type OpenAIProvider, createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import type { SimulatorOptions } from '../../src/models/simulator/behaviour.ts';
import { type RunningSimulator, startSimulator } from '../../src/models/simulator/start.ts';
import type { TraceView } from '../../src/records/traces/view-schema.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { documentMissing, schemaErrors } from './openapi-validator.ts';
import { type Upstream, startUpstream } from './upstream.ts';

export interface SdkGatewayOptions {
  /** More of causeway.yaml, beside `providers`. */
  readonly config?: string;
  /** Of the simulator that stands behind `sim-claude` and `sim-gpt`. */
  readonly simulator?: SimulatorOptions;
}

/** A gateway between official clients and providers of both kinds. */
export interface SdkGateway {
  readonly gateway: Gateway;
  /** Stands in for Anthropic, as the provider `claude`. */
  readonly claude: Upstream;
  /** Stands in for OpenAI, as the provider `gpt`, and for servers of the same API, as the provider `server`. */
  readonly gpt: Upstream;
  /** On a socket of its own, as the Anthropic provider `sim-claude` and the OpenAI provider `sim-gpt`. */
  readonly simulator: RunningSimulator;
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  /** The AI SDK's, on chat completions and on messages. */
  readonly ai: { readonly openai: OpenAIProvider; readonly anthropic: AnthropicProvider };
  /** The record of a request, by the headers of its answer. */
  trace(headers: AnswerHeaders | undefined): Promise<TraceView>;
  /** What a stand-in got last, which has to be valid by its provider's own document where that is there. */
  sent(provider: 'claude' | 'gpt'): JsonObject;
  close(): Promise<void>;
}

type AnswerHeaders = Headers | Readonly<Record<string, string>>;

const BODIES = {
  claude: { dialect: 'anthropic', schema: 'CreateMessageParams' },
  gpt: { dialect: 'openai', schema: 'CreateChatCompletionRequest' },
} as const;

export async function startSdkGateway({ config = '', simulator = {} }: SdkGatewayOptions = {}): Promise<SdkGateway> {
  const [claude, gpt, sim] = await Promise.all([
    startUpstream(),
    startUpstream(),
    startSimulator({ settings: simulator }),
  ]);
  const gateway = await startGateway({ config: `${providersAt(claude, gpt, sim)}\n${config}` });
  const { url, apiKey } = gateway;
  const upstreams = { claude, gpt };
  return {
    gateway,
    claude,
    gpt,
    simulator: sim,
    openai: new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 }),
    anthropic: new Anthropic({ apiKey, baseURL: url, maxRetries: 0 }),
    ai: {
      openai: createOpenAI({ apiKey, baseURL: `${url}/v1` }),
      anthropic: createAnthropic({ apiKey, baseURL: `${url}/v1` }),
    },
    trace: (headers) => gateway.trace(headers && idIn(headers)),
    sent: (provider) => lastBody(upstreams[provider], BODIES[provider]),
    async close() {
      await gateway.close();
      await Promise.all([claude.close(), gpt.close(), sim.close()]);
    },
  };
}

function providersAt(claude: Upstream, gpt: Upstream, simulator: RunningSimulator): string {
  return [
    'providers:',
    `  claude: { type: anthropic, apiKey: upstream-key, baseUrl: "${claude.url}" }`,
    `  gpt: { type: openai, apiKey: upstream-key, baseUrl: "${gpt.url}/v1" }`,
    `  server: { type: openai-compatible, apiKey: upstream-key, baseUrl: "${gpt.url}/v1" }`,
    `  sim-claude: { type: anthropic, apiKey: upstream-key, baseUrl: "${simulator.url}" }`,
    `  sim-gpt: { type: openai, apiKey: upstream-key, baseUrl: "${simulator.url}/v1" }`,
  ].join('\n');
}

function idIn(headers: AnswerHeaders): string | null | undefined {
  return headers instanceof Headers ? headers.get('x-causeway-request-id') : headers['x-causeway-request-id'];
}

function lastBody(upstream: Upstream, { dialect, schema }: (typeof BODIES)[keyof typeof BODIES]): JsonObject {
  const request = upstream.received.at(-1);
  assert.ok(request, 'nothing was sent');
  const body = JSON.parse(request.body) as JsonObject;
  if (!documentMissing(dialect)) assert.deepEqual(schemaErrors(dialect, schema, body), [], request.body);
  return body;
}
