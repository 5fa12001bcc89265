import { namedModels } from '../capabilities/table.ts';
import { listedModels } from '../pricing/list-prices.ts';
import { HttpTransport } from '../transport/http-transport.ts';
import { createAnthropicProvider } from './anthropic/adapter.ts';
import { createAzureOpenAiProvider } from './azure-openai/adapter.ts';
import { createBedrockProvider } from './bedrock/adapter.ts';
import { createCohereProvider } from './cohere/adapter.ts';
import { createGeminiProvider } from './gemini/adapter.ts';
import type { HttpProviderOptions } from './http-provider.ts';
import { createJinaProvider } from './jina/adapter.ts';
import { createOpenAiCompatibleProvider } from './openai-compatible/adapter.ts';
import { createOpenAiProvider } from './openai/adapter.ts';
import type { Provider } from './provider.ts';
import { type ConfigOf, type HttpProviderConfig, familyOf } from './settings.ts';
import { createTeiProvider } from './tei/adapter.ts';
import { createVertexProvider } from './vertex/adapter.ts';
import { createVoyageProvider } from './voyage/adapter.ts';

type Type = HttpProviderConfig['type'];
type Factory<T extends Type> = (options: HttpProviderOptions & ConfigOf<T>, transport: HttpTransport) => Provider;

/** Every provider type that is reached over HTTP. A new one is a folder and a line here. */
const FACTORIES: { readonly [T in Type]?: Factory<T> } = {
  openai: createOpenAiProvider,
  anthropic: createAnthropicProvider,
  'azure-openai': createAzureOpenAiProvider,
  'openai-compatible': createOpenAiCompatibleProvider,
  bedrock: createBedrockProvider,
  gemini: createGeminiProvider,
  cohere: createCohereProvider,
  voyage: createVoyageProvider,
  jina: createJinaProvider,
  tei: createTeiProvider,
  vertex: createVertexProvider,
};

/**
 * Builds a configured provider with all its keys; `sealedKeys` come from the database and stand behind those of the
 * configuration.
 */
export function createHttpProvider(name: string, config: HttpProviderConfig, sealedKeys: readonly string[]): Provider {
  const models = config.models.length > 0 ? config.models : knownModels(familyOf(config));
  const options = { ...config, name, models, apiKeys: [...config.apiKeys, ...sealedKeys] };
  const create = FACTORIES[config.type] as Factory<Type> | undefined;
  if (!create) throw new RangeError(`providers of type ${config.type} cannot be made yet`);
  return create(options, new HttpTransport());
}

/** Those with a price, or where none has one, those of which it is known what they can do. */
function knownModels(family: string): string[] {
  const priced = listedModels(family);
  return priced.length > 0 ? priced : namedModels(family);
}
