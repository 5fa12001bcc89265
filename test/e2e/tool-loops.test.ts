import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { type Gateway, startGateway } from '../support/gateway.ts';
import { CLIENTS } from '../support/tool-loop/clients.ts';
import { FINAL_TEXT } from '../support/tool-loop/script.ts';
import { startLoopUpstream } from '../support/tool-loop/server.ts';
import type { Upstream } from '../support/upstream.ts';

/** Every kind of provider, at the stand-in's address, and a model of it. */
const PROVIDERS: Readonly<Record<string, { readonly settings: string; readonly model: string }>> = {
  openai: { settings: 'type: openai, apiKey: k, baseUrl: "URL/v1"', model: 'gpt-5-mini' },
  server: { settings: 'type: openai-compatible, apiKey: k, baseUrl: "URL/v1"', model: 'qwen3-8b' },
  anthropic: { settings: 'type: anthropic, apiKey: k, baseUrl: "URL"', model: 'claude-sonnet-4-5' },
  gemini: { settings: 'type: gemini, apiKey: k, baseUrl: "URL"', model: 'gemini-3-pro-preview' },
  vertex: {
    settings: 'type: vertex, accessToken: t, project: p, location: us-central1, baseUrl: "URL"',
    model: 'gemini-3-pro-preview',
  },
  'vertex-claude': {
    settings: 'type: vertex, accessToken: t, project: p, location: us-east5, baseUrl: "URL"',
    model: 'claude-sonnet-4-5@20250929',
  },
  azure: { settings: 'type: azure-openai, apiKey: k, baseUrl: "URL"', model: 'gpt-5-mini' },
  'azure-dated': {
    settings: 'type: azure-openai, apiKey: k, baseUrl: "URL", apiVersion: 2024-10-21',
    model: 'gpt-4o-mini',
  },
  bedrock: {
    settings: 'type: bedrock, region: us-east-1, accessKeyId: a, secretAccessKey: s, baseUrl: "URL"',
    model: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  },
  cohere: { settings: 'type: cohere, apiKey: k, baseUrl: "URL"', model: 'command-a-03-2025' },
};

describe('a tool loop to its end', () => {
  let upstream: Upstream;
  let gateway: Gateway;
  before(async () => {
    // The AI SDK warns of models that it has never heard of.
    Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
    upstream = await startLoopUpstream();
    const providers = Object.entries(PROVIDERS).map(
      ([name, { settings }]) => `  ${name}: { ${settings.replace('URL', () => upstream.url)} }`,
    );
    gateway = await startGateway({ config: `providers:\n${providers.join('\n')}\n` });
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
  });

  for (const [provider, { model }] of Object.entries(PROVIDERS)) {
    for (const [client, loop] of Object.entries(CLIENTS)) {
      it(`promise 2: ${client} with ${provider}`, async () => {
        const { url, apiKey } = gateway;
        assert.equal(await loop({ url, apiKey, model: `${provider}/${model}` }), FINAL_TEXT);
      });
    }
  }
});
