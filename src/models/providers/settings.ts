import { type Static, type TSchema, Type } from 'typebox';

import { BaseUrl, byType, choice, named, section, typeWord } from '../../config/fields.ts';
import { ReadinessSettings } from '../readiness/settings.ts';
import { SimulatorSettings } from '../simulator/settings.ts';
import { AzureOpenAiSettings } from './azure-openai/settings.ts';
import { BedrockSettings } from './bedrock/settings.ts';
import { CohereSettings } from './cohere/settings.ts';
import { GeminiSettings } from './gemini/settings.ts';
import { httpFields } from './http-settings.ts';
import { JinaSettings } from './jina/settings.ts';
import { PRESETS, PRESET_NAMES } from './openai-compatible/presets.ts';
import type { KeySetting } from './provider-keys.ts';
import { TeiSettings } from './tei/settings.ts';
import { VertexSettings } from './vertex/settings.ts';
import { VoyageSettings } from './voyage/settings.ts';

const OpenAiSettings = section({
  type: typeWord('openai', { description: 'OpenAI itself.' }),
  ...httpFields,
  baseUrl: Type.Optional(
    BaseUrl({
      description: "Replaces OpenAI's own address.",
      examples: ['https://api.openai.com/v1'],
    }),
  ),
});

const OpenAiCompatibleSettings = section(
  {
    type: typeWord('openai-compatible', { description: "Any server that speaks OpenAI's protocol: vLLM, Ollama, …" }),
    ...httpFields,
    preset: Type.Optional(
      choice(PRESET_NAMES, {
        description:
          'A server that is known by name: its address, and what it does in a way of its own. It may be left out, with a baseUrl.',
        examples: ['vllm'],
      }),
    ),
    baseUrl: Type.Optional(
      BaseUrl({
        description:
          "The address that /chat/completions is added to. With a preset it replaces the preset's: the provider's own, or the one on which the server usually listens on this machine.",
        examples: ['http://127.0.0.1:8000/v1'],
      }),
    ),
    readiness: Type.Optional(ReadinessSettings),
  },
  { oneOf: ['preset', 'baseUrl'] },
);

const AnthropicSettings = section({
  type: typeWord('anthropic', { description: 'Anthropic itself.' }),
  ...httpFields,
  baseUrl: Type.Optional(
    BaseUrl({
      description: "Replaces Anthropic's own address.",
      examples: ['https://api.anthropic.com'],
    }),
  ),
});

export const SimulatorProviderSettings = section({
  type: typeWord('simulator', { description: 'The built-in simulator: made-up answers, no key.' }),
  ...SimulatorSettings.properties,
});

export type SimulatorProviderSettings = Static<typeof SimulatorProviderSettings>;

/** One provider as the file says it; {@link ProviderConfig} is what comes of it. */
export const ProviderSettings = byType([
  OpenAiSettings,
  OpenAiCompatibleSettings,
  AnthropicSettings,
  GeminiSettings,
  VertexSettings,
  AzureOpenAiSettings,
  BedrockSettings,
  CohereSettings,
  VoyageSettings,
  JinaSettings,
  TeiSettings,
  SimulatorProviderSettings,
]);

export type ProviderSettings = Static<typeof ProviderSettings>;

export const ProvidersSettings = named(ProviderSettings, {
  description:
    'Who serves models, by a name of your choice. Providers whose usual keys are in the environment, and the simulator `sim`, are there without being named.',
  names: /^[^\s/]+$/,
  namesAre: 'provider names without "/" or spaces, e.g. openai',
});

/** What is common to providers that are reached over HTTP, ready to be built from. */
interface HttpProviderFields {
  readonly apiKeys: readonly KeySetting[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly passThroughCredentials: boolean;
  readonly models: readonly string[];
  /** Ids, or their beginnings with `*` behind. */
  readonly sharedResources: readonly string[];
}

/** What a type has beside what all have. */
type Own<Settings extends TSchema> = Omit<Static<Settings>, keyof typeof httpFields | 'baseUrl'> & {
  readonly baseUrl: string | undefined;
};

/** The settings of one type, resolved. */
export type ConfigOf<Type extends HttpProviderConfig['type']> = Extract<HttpProviderConfig, { readonly type: Type }>;

/** A provider that is reached over HTTP; without a base URL it is at its type's or preset's own address. */
export type HttpProviderConfig = HttpProviderFields &
  (
    | { readonly type: 'openai' | 'anthropic'; readonly baseUrl: string | undefined }
    | {
        readonly type: 'openai-compatible';
        /** At least one of the two is there. */
        readonly preset?: string | undefined;
        readonly baseUrl: string | undefined;
        readonly readiness?: ReadinessSettings | undefined;
      }
    | Own<typeof GeminiSettings>
    | Own<typeof VertexSettings>
    | Own<typeof AzureOpenAiSettings>
    | Own<typeof BedrockSettings>
    | Own<typeof CohereSettings>
    | Own<typeof VoyageSettings>
    | Own<typeof JinaSettings>
    | Own<typeof TeiSettings>
  );

export type ProviderConfig = HttpProviderConfig | SimulatorProviderSettings;

/** Whose models it serves, as the tables of prices and capabilities have them: its preset's, else its type's. */
export function familyOf(config: HttpProviderConfig): string {
  if (config.type !== 'openai-compatible' || config.preset === undefined) return config.type;
  return config.preset;
}

interface UsualProvider {
  readonly name: string;
  readonly keyVariable: string;
  readonly urlVariable: string;
  readonly kind:
    | { readonly type: 'openai' | 'anthropic' | 'gemini' | 'cohere' | 'voyage' | 'jina' }
    | { readonly type: 'openai-compatible'; readonly preset: string };
}

/** Providers that are there without configuration where their usual key is in the environment. */
export const USUAL_PROVIDERS: readonly UsualProvider[] = [
  { name: 'openai', ...variables('OPENAI_API_KEY'), kind: { type: 'openai' } },
  { name: 'anthropic', ...variables('ANTHROPIC_API_KEY'), kind: { type: 'anthropic' } },
  { name: 'gemini', ...variables('GEMINI_API_KEY'), kind: { type: 'gemini' } },
  { name: 'cohere', ...variables('COHERE_API_KEY'), kind: { type: 'cohere' } },
  { name: 'voyage', ...variables('VOYAGE_API_KEY'), kind: { type: 'voyage' } },
  { name: 'jina', ...variables('JINA_API_KEY'), kind: { type: 'jina' } },
  ...Object.entries(PRESETS).flatMap(([name, { keyVariable, discovered }]): UsualProvider[] => {
    if (keyVariable === undefined || !discovered) return [];
    return [{ name, ...variables(keyVariable), kind: { type: 'openai-compatible', preset: name } }];
  }),
];

/** The address stands in the variable beside the key's. */
function variables(keyVariable: string): Pick<UsualProvider, 'keyVariable' | 'urlVariable'> {
  return { keyVariable, urlVariable: keyVariable.replace(/_API_KEY$/, '_BASE_URL') };
}
