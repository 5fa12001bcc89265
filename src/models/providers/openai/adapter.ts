import type { Transport } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import { bearer } from '../provider-keys.ts';
import type { Provider } from '../provider.ts';
import { missingCredential } from '../relay-request.ts';
import { withResources } from '../resource-relay.ts';
import { OPENAI_BOUNDS, openAiEmbedder } from './embedder.ts';
import { PASSED_HEADERS, RESOURCE_HEADERS } from './passed-headers.ts';
import { withPromptCacheKey } from './prompt-cache-key.ts';
import { OPENAI_QUIRKS } from './quirks.ts';
import { toRequest } from './to-request.ts';
import { openaiWire, wiresOf } from './wire.ts';

const DEFAULT_BASE_URL = 'https://api.openai.com/v1';
const OWN_MODELS =
  /^(gpt-|chatgpt-|o[1-9](-|$)|text-embedding-|codex-|ft:|whisper-|tts-|dall-e-|(omni|text)-moderation-|(davinci|babbage)-002)/;

/** Provider type `openai`: OpenAI itself. */
export function createOpenAiProvider(options: HttpProviderOptions, transport: Transport): Provider {
  const access = httpAccess(options, {
    baseUrl: options.baseUrl ?? DEFAULT_BASE_URL,
    keyHeaders: bearer,
    missing: () => missingCredential(options.name, 'OPENAI_API_KEY'),
  });
  const { endpoint } = access;
  const provider: Provider = {
    name: options.name,
    type: 'openai',
    family: 'openai',
    simulated: false,
    transport,
    maxTokensField: OPENAI_QUIRKS.maxTokensField,
    models: options.models,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'x-request-id',
    ownsModel: (name) => OWN_MODELS.test(name) || options.models.includes(name),
    wire: wiresOf(openaiWire, OPENAI_QUIRKS),
    plan: (call, model, capabilities, hints) =>
      withPromptCacheKey(toRequest(call, model, endpoint(call), OPENAI_QUIRKS, capabilities), call, hints),
    embedder: openAiEmbedder({ endpoint, bounds: OPENAI_BOUNDS, base64: true }),
    ...access.keys,
    close: () => transport.close(),
  };
  return withResources(provider, {
    dialects: ['openai', 'responses'],
    prefix: '',
    forwarded: RESOURCE_HEADERS,
    endpoint,
  });
}
