import { GatewayError } from '../../../core/errors.ts';
import { capabilitiesOf } from '../../capabilities/table.ts';
import type { Transport, UpstreamRequest } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import { OPENAI_BOUNDS, openAiEmbedder } from '../openai/embedder.ts';
import { PASSED_HEADERS, RESOURCE_HEADERS } from '../openai/passed-headers.ts';
import { withPromptCacheKey } from '../openai/prompt-cache-key.ts';
import { toRequest } from '../openai/to-request.ts';
import { openaiCompatibleWire, wiresOf } from '../openai/wire.ts';
import { bearer } from '../provider-keys.ts';
import type { Embedder, Provider } from '../provider.ts';
import { withResources } from '../resource-relay.ts';
import { EntraTokens, type FetchToken, entraSignIn } from './entra-token.ts';
import { azureBaseUrl, deploymentEndpoint, planWithVersion, withVersion } from './paths.ts';
import { azureQuirks } from './quirks.ts';

export interface AzureOpenAiOptions extends HttpProviderOptions {
  /** Of the dated APIs; the newer one where absent. */
  readonly apiVersion?: string | undefined;
  /** Model → deployment, where they differ. */
  readonly deployments: ReadonlyMap<string, string>;
  /** Sign in with Microsoft Entra ID. */
  readonly entra: boolean;
  /** A token that is not renewed. */
  readonly entraToken?: string | undefined;
}

const AZURE_HEADERS: ReadonlySet<string> = new Set([...PASSED_HEADERS, 'apim-request-id', 'x-ms-region']);

/**
 * Provider type `azure-openai`: OpenAI's models, and others of its API, at Azure.
 * @param fetchToken in place of a sign-in with Azure's SDK
 * @throws RangeError where it has no base URL
 */
export function createAzureOpenAiProvider(
  options: AzureOpenAiOptions,
  transport: Transport,
  fetchToken: FetchToken = entraSignIn(options.name),
): Provider {
  const { apiVersion, deployments } = options;
  if (options.baseUrl === undefined) throw new RangeError(`provider "${options.name}" needs a baseUrl`);
  const baseUrl = azureBaseUrl(options.baseUrl, apiVersion);
  const { endpoint, keys } = httpAccess(options, { baseUrl, ...credentialOf(options) });
  const quirks = azureQuirks(apiVersion, deployments);
  const models = [...new Set([...options.models, ...deployments.keys()])];
  const deploymentOf = (model: string): string => deployments.get(model) ?? model;
  const embedderOf = (deployment: string): Embedder =>
    openAiEmbedder({
      endpoint: (call) => deploymentEndpoint(endpoint(call), deployment, apiVersion),
      bounds: OPENAI_BOUNDS,
      base64: true,
    });
  const provider: Provider = {
    name: options.name,
    type: 'azure-openai',
    family: 'azure-openai',
    simulated: false,
    transport,
    maxTokensField: quirks.maxTokensField,
    models,
    passedHeaders: AZURE_HEADERS,
    requestIdHeader: 'apim-request-id',
    ownsModel: (name) => models.includes(name),
    wire: wiresOf(openaiCompatibleWire, quirks),
    plan(call, model, capabilities, hints) {
      const deployment = deploymentOf(model);
      // Responses have one path for all deployments in every version.
      const at =
        call.dialect === 'responses' && quirks.responses
          ? endpoint(call)
          : deploymentEndpoint(endpoint(call), deployment, apiVersion);
      // Its models are OpenAI's, whatever the operator says of them besides.
      const known = capabilities ?? capabilitiesOf('openai', model);
      const plan = toRequest(call, deployment, at, quirks, known);
      // Dated APIs refuse fields that are younger than they are.
      return apiVersion === undefined ? withPromptCacheKey(plan, call, hints) : planWithVersion(plan, apiVersion);
    },
    embedder: {
      ...embedderOf(''),
      request(call, model, embedding) {
        const deployment = deploymentOf(model);
        return withVersion(embedderOf(deployment).request(call, deployment, embedding), apiVersion);
      },
    },
    ...(signsIn(options) ? { authorize: authorizer(new EntraTokens(fetchToken)) } : {}),
    ...keys,
    close: () => transport.close(),
  };
  if (apiVersion !== undefined) return provider;
  return withResources(provider, {
    dialects: ['openai', 'responses'],
    prefix: '',
    forwarded: RESOURCE_HEADERS,
    endpoint,
  });
}

/** A token of the operator's own wins, then a sign-in, then a key. */
function credentialOf(
  options: AzureOpenAiOptions,
): Pick<Parameters<typeof httpAccess>[1], 'keyHeaders' | 'keyless' | 'missing'> {
  if (options.entraToken !== undefined) return { keyless: bearer(options.entraToken) };
  if (signsIn(options)) return { keyless: {} };
  return { keyHeaders: (key) => ({ 'api-key': key }), missing: () => missingCredential(options.name) };
}

function signsIn({ entra, entraToken }: AzureOpenAiOptions): boolean {
  return entra && entraToken === undefined;
}

/** A client's own credential stays. */
function authorizer(tokens: EntraTokens): (request: UpstreamRequest) => Promise<UpstreamRequest> {
  return async (request) => {
    if (request.headers['authorization'] !== undefined) return request;
    const token = await tokens.get();
    return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
  };
}

function missingCredential(provider: string): GatewayError {
  return new GatewayError('provider_auth_failed', {
    message:
      `No credential is configured for the provider "${provider}". ` +
      `The operator has to set providers.${provider}.apiKey, entraToken or entra.`,
  });
}
