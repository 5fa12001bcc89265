import type { AttemptLedger } from './attempts.ts';
import type { CallBody } from './call-body.ts';
import type { CallForm } from './call-form.ts';
import type { CacheOutcome, CachePolicy, PromptCachePolicy, PromptCaching, Saving } from './caching.ts';
import type { Cancellation } from './cancellation.ts';
import type { EmbeddingRequest } from './inference/embedding.ts';
import type { Needs } from './inference/needs.ts';
import type { InferenceRequest } from './inference/request.ts';
import type { JsonObject } from './json.ts';
import type { ResourceRequest } from './resource.ts';
import type { RoutePolicy } from './route-policy.ts';
import type { FixedParameters, FixedPrompt, Preference, RolloutPart, RoutePlan, RoutingDecision } from './routing.ts';
import type { Screening } from './screening.ts';
import type { SpanLedger } from './spans.ts';
import type { Spending } from './spending.ts';
import type { TraceContext } from './trace-context.ts';

/** The API shape that a client speaks. `openai` is everything of OpenAI's but `responses`. */
export type Dialect = 'openai' | 'responses' | 'anthropic' | 'gemini';

/** What a provider speaks: a dialect, or a protocol in which no client comes here. */
export type Protocol = Dialect | 'converse' | 'cohere';

/**
 * What is asked for, named as OpenTelemetry's `gen_ai.operation.name` does where it has a name.
 * `resource`: a thing that a provider keeps, such as a file, a batch or a stored response.
 */
export type Operation =
  | 'chat'
  | 'completion'
  | 'embeddings'
  | 'rerank'
  | 'moderation'
  | 'token-count'
  | 'speech'
  | 'transcription'
  | 'audio-translation'
  | 'image'
  | 'image-edit'
  | 'image-variation'
  | 'resource';

/** Who is calling. */
export interface Principal {
  readonly keyId: string;
  readonly project: string;
  /** The one that the project belongs to, if it does. */
  readonly organisation?: string | undefined;
  readonly user: string | undefined;
  /** Model names (or `prefix*`) that the key may ask for; undefined = all. */
  readonly models: readonly string[] | undefined;
}

/** What the dialect reads from a body; everything that later stages ask of any dialect. */
export interface BodyFacts {
  /** Empty where the request is for no model, which is so of resources only. */
  readonly model: string;
  readonly stream: boolean;
  readonly user: string | undefined;
  readonly metadata: JsonObject | undefined;
}

/** The body's facts together with the `x-causeway-*` request headers, which win over the body where both speak. */
export interface RequestFacts extends BodyFacts {
  /** `x-causeway-conversation`. */
  readonly conversationId: string | undefined;
  /** `x-causeway-priority`: 0 to 9, 9 first. */
  readonly priority: number | undefined;
  /** `x-causeway-prefer`. */
  readonly prefer?: Preference | undefined;
}

/** Where a call may go: one provider and one of its models. */
export interface Target {
  readonly provider: string;
  readonly model: string;
}

/** `provider/model` as the ledger, the metrics and messages have it; what is for no model has the provider's name. */
export function targetName({ provider, model }: Target): string {
  return model === '' ? provider : `${provider}/${model}`;
}

/** Milliseconds, for each attempt; what is left out is the provider's own default. */
interface AssignedTimeouts {
  /** Until a connection stands. */
  readonly connect?: number;
  /** From sending until the first content; of an answer in one piece until it is whole. */
  readonly headers?: number;
  /** Between two reads of an answer. */
  readonly idle?: number;
  /** From sending until the end of the answer. */
  readonly total?: number;
}

/** What `assign` makes of the request model. */
export interface Assignment {
  /** Name of the virtual model, if one was asked for. */
  readonly virtualModel: string | undefined;
  readonly targets: readonly Target[];
  /** The client's own provider credential may go upstream. */
  readonly passThroughCredentials: boolean;
  /** Where the operator sets some. */
  readonly timeouts: AssignedTimeouts | undefined;
  /** How it goes on where a target fails; the usual one where absent. */
  readonly policy?: RoutePolicy;
  /** Changes with every change of the settings that answers depend on. */
  readonly version?: string;
  /** How the first target is chosen; the targets are in order where absent. */
  readonly route?: RoutePlan | undefined;
  /** The flags, experiments and canaries that made it what it is. */
  readonly rollouts?: readonly RolloutPart[];
  /** `kind:id/arm` of the experiment or canary that the call fell into. */
  readonly arm?: string;
  /** `name@semver` of the prompt that is put in. */
  readonly promptVersion?: string | undefined;
  readonly prompt?: FixedPrompt | undefined;
  readonly parameters?: FixedParameters | undefined;
  /** Which of the caches are on; none where absent. */
  readonly cache?: CachePolicy | undefined;
  /** The name of the policy of guards that it falls under; none where absent. */
  readonly guards?: string | undefined;
  /** What is done for the provider's own prompt cache; nothing where absent. */
  readonly promptCache?: PromptCachePolicy | undefined;
}

/**
 * One request on its way through the pipeline: facts, a lazy body, and what the stages found out.
 * Stages meet here and nowhere else.
 */
export interface Call {
  /** 32 hex digits; `x-causeway-request-id` and the trace's id. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly dialect: Dialect;
  readonly operation: Operation;
  /** The path that usage is grouped by, e.g. `/v1/chat/completions`. */
  readonly endpoint: string;
  /** What the client put after `?`, without it and without any key. */
  readonly query: string;
  /** Lower-case names, as Node gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly clientIp: string;
  readonly body: CallBody;
  /** Where the client sent a form: its files, and in `body` its text fields as a JSON object. */
  readonly form: CallForm | undefined;
  /** Only of the operation `resource`. */
  readonly resource: ResourceRequest | undefined;
  /** @throws request_invalid where the body has no readable facts */
  readonly facts: RequestFacts;
  /** What a chat target must be able to do for this request; read from the body once. */
  readonly needs: Needs;
  /**
   * The chat request in no dialect, decoded once, for a target that does not speak the client's.
   * @throws request_invalid where a part of the body is not what its dialect says
   */
  readonly inference: InferenceRequest;
  /**
   * The texts to embed, in no dialect.
   * @throws request_invalid
   */
  readonly embedding: EmbeddingRequest;
  readonly cancellation: Cancellation;
  /** Monotonic milliseconds at which the client gives up, where it said so. */
  readonly deadlineAt?: number | undefined;
  readonly attempts: AttemptLedger;
  /** What was done beside the attempts. */
  readonly spans: SpanLedger;
  /** From the client's `traceparent`, where it sent one. */
  readonly traceContext: TraceContext | undefined;
  readonly warnings: string[];
  principal: Principal | undefined;
  assignment: Assignment | undefined;
  /** It names something that a provider keeps, or makes it keep something: it goes with the key that all such go with. */
  keeps?: boolean;
  /** The target whose answer the client reads, once there is one. */
  answeredBy?: Target | undefined;
  /** Why it goes where it goes; absent where there was nothing to choose. */
  routing?: RoutingDecision | undefined;
  /** Monotonic milliseconds until which a stream that was there was held back from the client; absent where it was not. */
  heldUntil?: number | undefined;
  /** It goes to these and to nobody else, not even to be compared or judged; anywhere where absent. */
  confinedTo?: readonly Target[] | undefined;
  /** The highest part that is used of any budget that it counts for, 0 to 1; absent where it counts for none. */
  budgetUsed?: number | undefined;
  /** Where budgets count what it spends. */
  spending?: Spending | undefined;
  /** What guards did to it; absent where none is on. */
  screening?: Screening | undefined;
  /** Bytes that were put into the body after what it may cost was worked out; 0 where absent. */
  grownBytes?: number | undefined;
  /** What the caches did for it. */
  cache?: CacheOutcome | undefined;
  /** What it saved, in the order in which that was found. */
  savings?: readonly Saving[] | undefined;
  /** Names the prefix of a long prompt: what comes before what this request alone says. Of its project. */
  promptPrefix?: string | undefined;
  /** What is done so that providers' prompt caches find it; nothing where absent. */
  promptCaching?: PromptCaching | undefined;
}

/** The first value of a header. */
export function header(call: Pick<Call, 'headers'>, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
