import type { Transport } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpEndpoint } from '../http-provider.ts';
import { PASSED_HEADERS } from '../openai/passed-headers.ts';
import { COMPATIBLE_QUIRKS } from '../openai/quirks.ts';
import { toRequest } from '../openai/to-request.ts';
import { openaiCompatibleWire } from '../openai/wire.ts';
import type { Provider } from '../provider.ts';

/** Provider type `openai-compatible`: any server that speaks OpenAI's chat protocol, with or without a key. */
export function createOpenAiCompatibleProvider(options: HttpProviderOptions, transport: Transport): Provider {
  const { baseUrl } = options;
  if (baseUrl === undefined) throw new RangeError(`provider "${options.name}" needs a baseUrl`);
  const key = options.apiKeys[0];
  const credential: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const endpoint = httpEndpoint(options, { baseUrl, credential });
  const models = new Set(options.models);
  return {
    name: options.name,
    type: 'openai-compatible',
    family: 'openai-compatible',
    simulated: false,
    transport,
    models: options.models,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'x-request-id',
    ownsModel: (name) => models.has(name),
    wire: (dialect, operation) => (operation === 'chat' || dialect === 'openai' ? openaiCompatibleWire : undefined),
    plan: (call, model, capabilities) => toRequest(call, model, endpoint(call), COMPATIBLE_QUIRKS, capabilities),
    close: () => transport.close(),
  };
}
