import type { Assignment, Call, Dialect, Target } from '../../src/core/call.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { ModelCatalog, type VirtualModel } from '../../src/models/catalog.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import { createAnthropicProvider } from '../../src/models/providers/anthropic/adapter.ts';
import { createGeminiProvider } from '../../src/models/providers/gemini/adapter.ts';
import { createOpenAiCompatibleProvider } from '../../src/models/providers/openai-compatible/adapter.ts';
import { createOpenAiProvider } from '../../src/models/providers/openai/adapter.ts';
import { createCohereProvider } from '../../src/models/providers/cohere/adapter.ts';
import { type CallParts, makeCall } from './make-call.ts';
import { makeProvider } from './make-provider.ts';

const PRICE = { input: 1, output: 10 };

/** What is known of the models of {@link boundedCatalog} that no table has. */
const STATED: readonly [string, Capabilities][] = [
  ['local/m', { contextTokens: 32_000 }],
  ['deepseek/m', { contextTokens: 64_000, outputTokens: 8000 }],
  ['dashscope/m', { contextTokens: 50_000, outputTokens: 8000 }],
];

function preset(name: string) {
  return makeProvider((options, transport) =>
    createOpenAiCompatibleProvider({ ...options, name, preset: name === 'local' ? 'vllm' : name }, transport),
  );
}

/** Providers that go nowhere; every model `m` costs a dollar and ten for a million tokens. */
export function boundedCatalog(virtualModels: readonly VirtualModel[] = []): ModelCatalog {
  return new ModelCatalog({
    providers: [
      makeProvider(createOpenAiProvider, { name: 'openai' }),
      makeProvider(createAnthropicProvider, { name: 'anthropic' }),
      makeProvider(createGeminiProvider, { name: 'gemini' }),
      makeProvider(createCohereProvider, { name: 'cohere' }),
      preset('local'),
      preset('deepseek'),
      preset('dashscope'),
    ],
    virtualModels,
    prices: new PriceBook({
      'openai/m': PRICE,
      'anthropic/m': PRICE,
      'gemini/m': PRICE,
      'local/m': PRICE,
      'deepseek/m': PRICE,
      'dashscope/m': PRICE,
    }),
    capabilities: new Map(STATED),
    passThroughProviders: new Set(),
  });
}

/** `provider/model`. */
export function targetOf(name: string): Target {
  const [provider = '', ...model] = name.split('/');
  return { provider, model: model.join('/') };
}

/** A call for a chain of targets. */
export function callTo(names: readonly string[], dialect: Dialect, json: JsonObject, more: CallParts = {}): Call {
  const assignment: Assignment = {
    virtualModel: 'chat',
    targets: names.map(targetOf),
    passThroughCredentials: false,
    timeouts: undefined,
  };
  return makeCall({ dialect, json, assignment, ...more });
}
