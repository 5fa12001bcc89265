import { GatewayError } from '../../../core/errors.ts';
import type { Transport } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import { bearer } from '../provider-keys.ts';
import type { Provider } from '../provider.ts';
import { type AccessSettings, resolveAccess } from './access.ts';
import { missingRegion } from './credentials.ts';
import { bedrockEmbedder } from './embedder.ts';
import { requestSigner } from './sign-request.ts';
import { toRequest } from './to-request.ts';
import { converseWire } from './wire.ts';

/** The type of an error is passed to whoever reads the error, and is on no other answer. */
const PASSED_HEADERS: ReadonlySet<string> = new Set(['x-amzn-requestid', 'x-amzn-errortype', 'retry-after']);

type BedrockOptions = HttpProviderOptions & AccessSettings;

/**
 * Provider type `bedrock`: Amazon Bedrock over Converse, and over InvokeModel for embeddings.
 * @param resolve what of the environment is used, for tests
 */
export function createBedrockProvider(
  options: BedrockOptions,
  transport: Transport,
  resolve = (): ReturnType<typeof resolveAccess> => resolveAccess(options, process.env),
): Provider {
  const { name, models } = options;
  const { apiKey, credentials, region } = resolve();
  // A signature names the region, and so does Amazon's own address.
  const isComplete = region !== undefined || (apiKey !== undefined && options.baseUrl !== undefined);
  const access = httpAccess(options, {
    baseUrl: options.baseUrl ?? ownAddress(region),
    ...(isComplete ? { keyHeaders: bearer, keyless: keyless(apiKey) } : {}),
    // No client brings credentials of AWS: those that it has are for another provider.
    clientDialect: 'converse',
    missing: () => missingRegion(name),
  });
  const { endpoint } = access;
  return {
    name,
    type: 'bedrock',
    family: 'bedrock',
    simulated: false,
    transport,
    models,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'x-amzn-requestid',
    region: (model) => (isProfile(model) ? undefined : (region ?? 'unknown')),
    ownsModel: (model) => models.includes(model),
    wire: (_dialect, operation) => (operation === 'chat' ? converseWire : undefined),
    plan: (call, model, capabilities, hints) => {
      if (call.operation !== 'chat') throw new GatewayError('operation_unsupported');
      return toRequest(call, model, endpoint(call), capabilities, hints);
    },
    ...(credentials && region !== undefined
      ? { authorize: requestSigner({ provider: name, region, credentials }) }
      : {}),
    embedder: bedrockEmbedder(endpoint),
    ...access.keys,
    close: () => transport.close(),
  };
}

/** An inference profile serves a geography or the world, at a price of its own. */
function isProfile(model: string): boolean {
  return /^(?:us|us-gov|eu|apac|au|jp|ca|in|sa|global)\./.test(model);
}

/** @see https://docs.aws.amazon.com/general/latest/gr/bedrock.html */
function ownAddress(region = 'unknown'): string {
  return `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** A key of the environment is no setting; requests that are signed get their credentials later. */
function keyless(apiKey: string | undefined): Record<string, string> {
  return apiKey === undefined ? {} : bearer(apiKey);
}
