import type { BodyPatch } from '../../core/body-patch.ts';
import type { PromptCacheHints } from '../../core/caching.ts';
import type { Call, Dialect, Operation, Protocol } from '../../core/call.ts';
import type { GatewayError } from '../../core/errors.ts';
import type { FinishReason, StreamEvent } from '../../core/events.ts';
import type { EmbeddingAnswer, EmbeddingRequest } from '../../core/inference/embedding.ts';
import type { TranslationNote } from '../../core/inference/request.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Usage } from '../../core/usage.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { TextPlace } from '../transport/frame-shape.ts';
import type { FrameSplitter } from '../transport/frames.ts';
import type { Transport, UpstreamRequest } from '../transport/transport.ts';
import type { ProviderKey } from './provider-keys.ts';

/** What a whole answer says, read from its body. */
export interface WholeReading {
  readonly responseModel: string | undefined;
  readonly usage: Usage | undefined;
  readonly finishReason: FinishReason | undefined;
  /** Set where the body is not an answer: an error under a 200, or another shape. */
  readonly error: GatewayError | undefined;
}

/** Changes what a translated answer says on its way back: one event in, any number out. */
export type Reshape = (event: StreamEvent) => readonly StreamEvent[];

/** One server-sent event, decoded. */
export interface SseFrame {
  readonly event: string | undefined;
  readonly data: string;
}

/** What a frame means, and whether it is one that we asked for and the client did not. */
export interface FrameReading {
  readonly events: readonly StreamEvent[];
  readonly hidden: boolean;
}

/** The pure reducer of one stream: `step` in the order of the frames. */
export interface StreamReader {
  step(frame: SseFrame): FrameReading;
  /**
   * Set where the last frame was one piece of a text and nothing else, and changed nothing that a second one like it
   * would change again. A frame after it that differs in its text alone, and in what the place ignores, says that text
   * in the same part, and need not be stepped.
   */
  readonly textPlace?: TextPlace | undefined;
  /** True once the provider said that nothing more comes, or all it says is complete without that. */
  readonly complete: boolean;
}

export interface StreamReaderOptions {
  /** The usage frame was asked for by us, so the client must not see it. */
  readonly hideUsageFrame: boolean;
  /** Chat where absent. */
  readonly operation?: Operation;
}

/** How one family of providers speaks a protocol. Pure: no I/O, no clock. */
export interface Wire {
  /** A client of the same dialect is relayed, any other translated. */
  readonly dialect: Protocol;
  /** Where streams are not server-sent events: their content type, and how they are cut. */
  readonly framing?: { readonly contentType: string; splitter(): FrameSplitter };
  streamReader(options: StreamReaderOptions): StreamReader;
  readWhole(operation: Operation, body: JsonObject): WholeReading;
  /** What a whole chat answer says, as the events that a stream of it would have had, with `end` as the last. */
  answerEvents(body: JsonObject): StreamEvent[];
  /** What a refusal (status ≥ 400) means. `body` is as it came, JSON or not. */
  readError(status: number, headers: Readonly<Record<string, string>>, body: Buffer): GatewayError;
}

export interface RequestPlan {
  readonly request: UpstreamRequest;
  /** What differs from the client's body, for the record. */
  readonly patches: readonly BodyPatch[];
  readonly hideUsageFrame: boolean;
  /** How many breakpoints for the provider's prompt cache were placed that the client did not ask for; 0 where absent. */
  readonly breakpoints?: number;
  /**
   * Makes of a whole answer (any JSON) one in the client's dialect, for operations that have no events. It comes
   * before `readWhole`.
   * @throws provider_bad_response
   */
  readonly rewrite?: (body: unknown) => JsonObject;
  /** What was left out of a request that has no events to translate, and is built anew. */
  readonly notes?: readonly TranslationNote[];
  /** Set where the request was translated from the client's dialect. */
  readonly translation?: {
    /** What could not be kept as it was. */
    readonly notes: readonly TranslationNote[];
    /** How often the request has to be sent to give as many answers as were asked for; 1 where the target takes `n`. */
    readonly copies: number;
    /** A fresh one for each answer, where what comes back has to be changed back: short names, a forced tool. */
    readonly reshape?: () => Reshape;
  };
}

/** The most that one request for embeddings may hold. */
export interface EmbeddingBounds {
  readonly inputs: number;
  /** Of all inputs together; undefined where only each single one is bounded. */
  readonly tokens: number | undefined;
}

/** How a provider embeds: requests of several clients may go to it as one. Pure. */
export interface Embedder {
  bounds(model: string): EmbeddingBounds;
  /** What of one client's request it has no equal of. */
  notes?(call: Call, embedding: EmbeddingRequest): readonly TranslationNote[];
  /** Each vector depends on all inputs of the request, which is neither split nor sent along with others'. */
  isWhole?(embedding: EmbeddingRequest): boolean;
  /**
   * One request for all inputs of `embedding`; `call` is one of those that it is for, and says what endpoint and
   * credentials it has.
   * @throws provider_auth_failed, capability_unsupported
   */
  request(call: Call, model: string, embedding: EmbeddingRequest): UpstreamRequest;
  /**
   * @param inputs how many were sent
   * @throws provider_bad_response where the answer does not have a vector for each
   */
  read(body: unknown, inputs: number): EmbeddingAnswer;
  readError: Wire['readError'];
}

/** A configured provider: `type` picks the code, `name` is the operator's. */
export interface Provider {
  readonly name: string;
  readonly type: string;
  /** Whose prices and models it has: the preset where it is one, else its type. */
  readonly family: string;
  /** Answers are made up, and say so in `x-causeway-simulated`. */
  readonly simulated: boolean;
  readonly transport: Transport;
  /** Where a model of it is asked for, as its prices name places; undefined where they do not depend on that. */
  region?(model: string): string | undefined;
  /** How OpenAI's chat names the longest answer there; absent where chat is not relayed to it. */
  readonly maxTokensField?: 'max_completion_tokens' | 'max_tokens';
  /** Models that are known without asking it, for `GET /v1/models`. */
  readonly models: readonly string[];
  /** Whether a bare model name (`gpt-5-mini`) is one of this provider's. */
  ownsModel(name: string): boolean;
  /**
   * The wire on which it serves clients of this dialect: their own where it can, so that requests are relayed,
   * else another, and requests are translated. Undefined where it cannot serve the operation at all.
   * @param model where its models speak several
   */
  wire(dialect: Dialect, operation: Operation, model?: string): Wire | undefined;
  /**
   * @param capabilities of the model, where any are known; translation chooses by them
   * @param hints what is done for its prompt cache, where anything is and it has a say in it
   * @throws provider_auth_failed where no credential is configured
   * @throws capability_unsupported where a translated request asks for what the target cannot do
   */
  plan(call: Call, model: string, capabilities?: Capabilities, hints?: PromptCacheHints): RequestPlan;
  /**
   * Adds to a request what has to be fetched or computed for it, such as a token or a signature. Before every sending.
   * @throws provider_auth_failed where there are no credentials
   */
  authorize?(request: UpstreamRequest): Promise<UpstreamRequest>;
  /** The keys that it can be asked with; it is asked with the first unless somebody chooses. None where it has no key. */
  readonly keys?: readonly ProviderKey[];
  /** Which of them this one is asked with, where it is not the first. */
  readonly keyId?: string;
  /** Whether a call goes upstream with the client's own credential, and with none of ours. */
  usesClientCredential?(call: Call): boolean;
  /** How it embeds; absent where it does not. */
  readonly embedder?: Embedder;
  /** Provider response headers that may go to the client, under their own names. */
  readonly passedHeaders: ReadonlySet<string>;
  /** Which of them names the provider's own id of the request. */
  readonly requestIdHeader: string;
  close(): Promise<void>;
}
