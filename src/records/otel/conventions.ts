import type { Operation } from '../../core/call.ts';

/**
 * The names of OpenTelemetry's semantic conventions that are exported, all of them and nowhere else.
 *
 * Pinned: v1.41.0, the last release of the conventions that holds those for generative AI (they are in development,
 * and went to a repository of their own afterwards, which has no release yet).
 * @see https://github.com/open-telemetry/semantic-conventions/tree/v1.41.0/docs/gen-ai
 */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.41.0';

/** Instrumentation scope of every span and metric. */
export const SCOPE_NAME = 'causeway';

/** What an attribute holds here. */
export type Value = string | number | boolean | string[];

/** Attributes of the conventions. */
export const ATTR = {
  conversationId: 'gen_ai.conversation.id',
  errorType: 'error.type',
  exceptionMessage: 'exception.message',
  exceptionType: 'exception.type',
  finishReasons: 'gen_ai.response.finish_reasons',
  httpStatus: 'http.response.status_code',
  inputMessages: 'gen_ai.input.messages',
  maxTokens: 'gen_ai.request.max_tokens',
  operationName: 'gen_ai.operation.name',
  outputMessages: 'gen_ai.output.messages',
  providerName: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  serviceInstanceId: 'service.instance.id',
  serviceName: 'service.name',
  serviceVersion: 'service.version',
  sessionId: 'session.id',
  stream: 'gen_ai.request.stream',
  systemInstructions: 'gen_ai.system_instructions',
  temperature: 'gen_ai.request.temperature',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  tokenType: 'gen_ai.token.type',
  topP: 'gen_ai.request.top_p',
  usageCacheCreation: 'gen_ai.usage.cache_creation.input_tokens',
  usageCacheRead: 'gen_ai.usage.cache_read.input_tokens',
  usageInput: 'gen_ai.usage.input_tokens',
  usageOutput: 'gen_ai.usage.output_tokens',
  usageReasoning: 'gen_ai.usage.reasoning.output_tokens',
  userId: 'user.id',
} as const;

/** The event of a span that failed. */
export const EXCEPTION_EVENT = 'exception';

/** Ours, where the conventions have no name. */
export const OWN = {
  attemptKind: 'causeway.attempt.kind',
  attemptNumber: 'causeway.attempt.number',
  attemptOutcome: 'causeway.attempt.outcome',
  attempts: 'causeway.attempts',
  cache: 'causeway.cache',
  contentTruncated: 'causeway.content_truncated',
  costKnown: 'causeway.cost_known',
  costUsd: 'causeway.cost_usd',
  dialect: 'causeway.dialect',
  endpoint: 'causeway.endpoint',
  errorOrigin: 'causeway.error.origin',
  interTokenP95: 'causeway.inter_token_p95',
  metadata: 'causeway.metadata',
  organisation: 'causeway.organisation',
  overhead: 'causeway.overhead',
  patches: 'causeway.patches',
  priceVersion: 'causeway.price_version',
  project: 'causeway.project',
  promptVersion: 'causeway.prompt_version',
  arm: 'causeway.arm',
  routingPolicy: 'causeway.routing.policy',
  routingReason: 'causeway.routing.reason',
  routingTier: 'causeway.routing.tier',
  providerRequestId: 'causeway.provider_request_id',
  retryOf: 'causeway.attempt.retry_of',
  savedUsd: 'causeway.saved_usd',
  simulated: 'causeway.simulated',
  spanKind: 'causeway.span.kind',
  status: 'causeway.status',
  target: 'causeway.target',
  timeToFirstToken: 'causeway.time_to_first_token',
  traceId: 'causeway.trace_id',
  usageSource: 'causeway.usage_source',
  virtualModel: 'causeway.virtual_model',
  warnings: 'causeway.warnings',
} as const;

export interface HistogramConvention {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly buckets: readonly number[];
}

const DURATION_BUCKETS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/** `client` is what we see of providers, one call to one of them; `server` is what clients see of us. */
export const METRIC = {
  tokenUsage: {
    name: 'gen_ai.client.token.usage',
    unit: '{token}',
    description: 'Number of input and output tokens used.',
    buckets: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
  },
  operationDuration: {
    name: 'gen_ai.client.operation.duration',
    unit: 's',
    description: 'GenAI operation duration.',
    buckets: DURATION_BUCKETS,
  },
  requestDuration: {
    name: 'gen_ai.server.request.duration',
    unit: 's',
    description: 'Generative AI server request duration such as time-to-last byte or last output token.',
    buckets: DURATION_BUCKETS,
  },
  timeToFirstToken: {
    name: 'gen_ai.server.time_to_first_token',
    unit: 's',
    description: 'Time to generate first token for successful responses.',
    buckets: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  timePerOutputToken: {
    name: 'gen_ai.server.time_per_output_token',
    unit: 's',
    description: 'Time per output token generated after the first token for successful responses.',
    buckets: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
  },
} as const satisfies Record<string, HistogramConvention>;

/** Where the conventions have a word of their own; all others are called as we call them. */
const OPERATIONS: Readonly<Partial<Record<Operation, string>>> = { completion: 'text_completion' };

export function operationNameOf(operation: Operation): string {
  return OPERATIONS[operation] ?? operation;
}

/** Types and presets of providers whose name in the conventions is another one. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['azure', 'azure.ai.openai'],
  ['azure-openai', 'azure.ai.openai'],
  ['bedrock', 'aws.bedrock'],
  ['claude', 'anthropic'],
  ['gemini', 'gcp.gemini'],
  ['google', 'gcp.gemini'],
  ['grok', 'x_ai'],
  ['mistral', 'mistral_ai'],
  ['vertex', 'gcp.vertex_ai'],
  ['xai', 'x_ai'],
]);

/** For what no provider answered. */
const NO_PROVIDER = 'causeway';

/** What is known of a configured provider beside its name. */
interface ProviderFacts {
  /** Its preset, else its type: `openai`, `bedrock`, `vllm`. */
  readonly system?: string;
  readonly address?: string;
  readonly port?: number;
}

/** By the names that the configuration gives to providers. */
export type Providers = ReadonlyMap<string, ProviderFacts>;

/** @param target `provider/model` */
export function providerNameOf(target: string | undefined, providers?: Providers): string {
  if (target === undefined) return NO_PROVIDER;
  const { provider } = splitTarget(target);
  const system = providers?.get(provider)?.system ?? provider;
  return PROVIDERS.get(system) ?? system;
}

/** What is for no model has the provider's name alone. */
export function splitTarget(target: string): { readonly provider: string; readonly model: string | undefined } {
  const slash = target.indexOf('/');
  if (slash < 0) return { provider: target, model: undefined };
  return { provider: target.slice(0, slash), model: target.slice(slash + 1) };
}
