import { type Static, Type } from 'typebox';

import {
  BaseUrl,
  Flag,
  HeaderValue,
  Secret,
  Text,
  byType,
  choice,
  list,
  named,
  section,
  typeWord,
} from '../../config/fields.ts';
import { SimulatorSettings } from '../simulator/settings.ts';
import { PRESETS, PRESET_NAMES } from './openai-compatible/presets.ts';

/** What every provider that is reached over HTTP may say of itself. */
const httpFields = {
  apiKey: Type.Optional(Secret({ description: "The provider's API key.", examples: ['${OPENAI_API_KEY}'] })),
  apiKeys: Type.Optional(
    list(Secret({ description: 'An API key.' }), {
      description: 'API keys, in place of apiKey. The first is used; the others stand ready for rotation.',
      minItems: 1,
    }),
  ),
  headers: named(HeaderValue({ description: "A header's value." }), {
    description: 'Headers that are sent with every request.',
    names: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
    namesAre: 'header names, e.g. OpenAI-Organization',
  }),
  passThroughCredentials: Flag({
    description:
      "Send the client's own provider credential upstream, where it sent one beside its Causeway key, in place of the configured key.",
    default: false,
  }),
  models: list(Text({ description: 'A model name.' }), {
    description:
      'Model names that GET /v1/models lists and that clients may ask for without the provider in front. Left out: the priced models of this type.',
  }),
};

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
  readonly apiKeys: readonly string[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly passThroughCredentials: boolean;
  readonly models: readonly string[];
}

/** A provider that is reached over HTTP; without a base URL it is at its type's or preset's own address. */
export type HttpProviderConfig = HttpProviderFields &
  (
    | { readonly type: 'openai' | 'anthropic'; readonly baseUrl: string | undefined }
    | {
        readonly type: 'openai-compatible';
        /** At least one of the two is there. */
        readonly preset: string | undefined;
        readonly baseUrl: string | undefined;
      }
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
    | { readonly type: 'openai' | 'anthropic' }
    | { readonly type: 'openai-compatible'; readonly preset: string };
}

/** Providers that are there without configuration where their usual key is in the environment. */
export const USUAL_PROVIDERS: readonly UsualProvider[] = [
  { name: 'openai', ...variables('OPENAI_API_KEY'), kind: { type: 'openai' } },
  { name: 'anthropic', ...variables('ANTHROPIC_API_KEY'), kind: { type: 'anthropic' } },
  ...Object.entries(PRESETS).flatMap(([name, { keyVariable, discovered }]): UsualProvider[] => {
    if (keyVariable === undefined || !discovered) return [];
    return [{ name, ...variables(keyVariable), kind: { type: 'openai-compatible', preset: name } }];
  }),
];

/** The address stands in the variable beside the key's. */
function variables(keyVariable: string): Pick<UsualProvider, 'keyVariable' | 'urlVariable'> {
  return { keyVariable, urlVariable: keyVariable.replace(/_API_KEY$/, '_BASE_URL') };
}
