import type { IncomingHttpHeaders } from 'node:http';

import type { PathFacts } from '../call-factory.ts';
import type { BodyFacts, Dialect, Operation } from '../../core/call.ts';
import type { GatewayError } from '../../core/errors.ts';
import type { StreamEvent } from '../../core/events.ts';
import type { EmbeddingAnswer, EmbeddingRequest } from '../../core/inference/embedding.ts';
import type { Needs } from '../../core/inference/needs.ts';
import type { InferenceRequest } from '../../core/inference/request.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ResourceRequest } from '../../core/resource.ts';
import type { Capabilities } from '../../models/capabilities/capabilities.ts';
import type { Rates } from '../../models/pricing/price.ts';

/** What a path means that stands for several operations, or names the model. */
export interface ResolvedPath {
  readonly operation: Operation;
  /** What usage is grouped by. */
  readonly endpoint: string;
  readonly facts: PathFacts;
}

/** A path under which a dialect's clients ask models, or ask for what providers keep. */
export interface ModelRoute {
  /** May end in `*`, which `resolve` reads. */
  readonly path: string;
  readonly operation: Operation;
  /** `POST` where absent. */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Clients of other dialects come here too; their headers tell which. */
  readonly shared?: true;
  /** What is asked for, from the parameters of the path; undefined where there is no such path. */
  resource?(params: Readonly<Record<string, string | undefined>>): ResourceRequest | undefined;
  /** `json` where absent. */
  readonly body?: 'json' | 'form';
  /** @param rest what `*` stands for, decoded; undefined where there is no such path */
  resolve?(rest: string): ResolvedPath | undefined;
  /** One line for `/openapi.json`. */
  readonly summary: string;
}

/** A model as `GET /v1/models` lists it. */
export interface ModelEntry {
  readonly id: string;
  readonly ownedBy: string;
  /** Epoch milliseconds; undefined where nobody said. */
  readonly createdAt: number | undefined;
  /** What is known of what it can do. */
  readonly capabilities?: Capabilities | undefined;
  /** What it costs as a rule; tiers and fees are not shown. */
  readonly price?: Rates | undefined;
}

/** What the form of an answer depends on of what its request asks for. */
export type AnswerWishes = Pick<InferenceRequest, 'includeUsage' | 'reasoning' | 'fields'>;

/** What an encoder needs to know besides what the model says. */
export interface AnswerContext {
  /** The gateway's id of the request, for answers that come without one. */
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The model to name where the provider does not. */
  readonly model: string;
  /** `chat` where absent. */
  readonly operation?: Operation;
  /** Of a chat; not read for anything else. */
  readonly request: AnswerWishes;
  /** The client's own body, for dialects whose answers repeat what was asked. */
  readonly body?: JsonObject;
  /** Epoch milliseconds, for dialects whose answers say when they were complete. */
  readonly now?: () => number;
  /** The provider speaks the dialect itself: everything that it says is what its client would have got. */
  readonly rewritten?: boolean;
}

/** What an encoder of vectors needs to know besides them. */
export interface EmbeddingContext {
  /** The model to name where the provider does not. */
  readonly model: string;
  readonly operation: Operation;
  readonly endpoint: string;
  readonly request: EmbeddingRequest;
}

/** Writes a translated stream in one dialect. Stateful: events in their order, then `end` if the stream was complete. */
export interface StreamEncoder {
  /** Whole server-sent events, or nothing. */
  push(events: readonly StreamEvent[]): string;
  /** What follows the last event of a complete answer. Not called where the stream failed. */
  end(): string;
  /** What ends a stream that failed, where that is more than the dialect's own `errorEvent`. */
  fail?(error: GatewayError): string;
}

/** An error, ready to be written. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** Everything the edge has to know of one API shape. Pure: no I/O, no clock. */
export interface DialectAdapter {
  readonly dialect: Dialect;
  readonly routes: readonly ModelRoute[];
  /** Whether a request that is not for a model route comes from a client of this dialect. */
  speaks(path: string, headers: IncomingHttpHeaders): boolean;
  /** @throws request_invalid where the gateway cannot read what it needs; everything else is the provider's to judge */
  readFacts(body: JsonObject, operation: Operation, path: PathFacts): BodyFacts;
  renderError(error: GatewayError, requestId: string): ErrorAnswer;
  /** The error as a server-sent event, for a stream whose headers are out. */
  errorEvent(error: GatewayError, requestId: string): string;
  /** What a chat body asks of its target. Cheap: it runs on every request. */
  readNeeds(body: JsonObject, path: PathFacts): Needs;
  /**
   * A chat body in no dialect, for a target that does not speak this one.
   * @throws request_invalid, capability_unsupported
   */
  decode(body: JsonObject, path: PathFacts): InferenceRequest;
  /**
   * The same of a chat body that its provider understood: what only this dialect has is no fault, since nothing of it is
   * translated. Never throws.
   */
  readWishes(body: JsonObject): AnswerWishes;
  /** A body for embeddings in no dialect. @throws request_invalid, operation_unsupported */
  decodeEmbedding(body: JsonObject): EmbeddingRequest;
  /** A translated answer in one piece. */
  encodeAnswer(events: readonly StreamEvent[], context: AnswerContext): JsonObject;
  /** Vectors in the dialect's shape. */
  encodeEmbedding(answer: EmbeddingAnswer, context: EmbeddingContext): JsonObject;
  /** A translated stream; one for each answer. */
  streamEncoder(context: AnswerContext): StreamEncoder;
  renderModel(entry: ModelEntry): JsonObject;
  renderModels(entries: readonly ModelEntry[]): JsonObject;
}
