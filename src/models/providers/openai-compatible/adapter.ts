import type { Transport } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import { COMPATIBLE_BOUNDS, openAiEmbedder } from '../openai/embedder.ts';
import { PASSED_HEADERS } from '../openai/passed-headers.ts';
import { COMPATIBLE_QUIRKS } from '../openai/quirks.ts';
import { toRequest } from '../openai/to-request.ts';
import { openAiWire, wiresOf } from '../openai/wire.ts';
import { bearer } from '../provider-keys.ts';
import type { Provider } from '../provider.ts';
import { missingCredential } from '../relay-request.ts';
import { PRESETS } from './presets.ts';
import type { Preset } from './presets/preset.ts';

export interface CompatibleOptions extends HttpProviderOptions {
  /** A name in {@link PRESETS}. */
  readonly preset?: string | undefined;
}

/**
 * Provider type `openai-compatible`: any server that speaks OpenAI's chat protocol, with or without a key.
 * @throws RangeError where it has neither a base URL nor a preset
 */
export function createOpenAiCompatibleProvider(options: CompatibleOptions, transport: Transport): Provider {
  const preset = options.preset === undefined ? undefined : PRESETS[options.preset];
  const baseUrl = options.baseUrl ?? preset?.baseUrl;
  if (baseUrl === undefined) throw new RangeError(`provider "${options.name}" needs a baseUrl or a preset`);
  const quirks = preset?.quirks ?? COMPATIBLE_QUIRKS;
  const wire = openAiWire({ doneRequired: false, thinkTags: quirks.thinkTags });
  const access = httpAccess(options, { baseUrl, keyHeaders: bearer, ...keylessOf(options, preset) });
  const { endpoint } = access;
  const models = new Set(options.models);
  return {
    name: options.name,
    type: 'openai-compatible',
    family: options.preset ?? 'openai-compatible',
    simulated: false,
    transport,
    maxTokensField: quirks.maxTokensField,
    models: options.models,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'x-request-id',
    ownsModel: (name) => models.has(name) || (preset?.owns?.test(name) ?? false),
    wire: wiresOf(wire, quirks),
    plan: (call, model, capabilities) => toRequest(call, model, endpoint(call), quirks, capabilities),
    embedder: openAiEmbedder({ endpoint, bounds: quirks.embeddings ?? COMPATIBLE_BOUNDS, base64: false }),
    ...access.keys,
    close: () => transport.close(),
  };
}

/** Where the provider is on the internet a key is needed; a server of one's own may be open. */
function keylessOf(
  { name, baseUrl }: CompatibleOptions,
  preset: Preset | undefined,
): Pick<Parameters<typeof httpAccess>[1], 'keyless' | 'missing'> {
  if (!preset?.hosted || baseUrl !== undefined) return { keyless: {} };
  return { missing: () => missingCredential(name, preset.keyVariable ?? 'its key') };
}
