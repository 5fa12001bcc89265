import type { IncomingMessage } from 'node:http';

import { AttemptLedger } from '../core/attempts.ts';
import type { CacheOutcome, Saving } from '../core/caching.ts';
import { CallBody } from '../core/call-body.ts';
import type { CallForm } from '../core/call-form.ts';
import type { Assignment, BodyFacts, Call, Dialect, Operation, Principal, RequestFacts, Target } from '../core/call.ts';
import { Cancellation } from '../core/cancellation.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { newTraceId } from '../core/ids.ts';
import type { EmbeddingRequest } from '../core/inference/embedding.ts';
import { NO_NEEDS, type Needs } from '../core/inference/needs.ts';
import type { InferenceRequest } from '../core/inference/request.ts';
import type { ResourceRequest } from '../core/resource.ts';
import { SpanLedger } from '../core/spans.ts';
import { type TraceContext, readTraceparent } from '../core/trace-context.ts';
import { clientIp } from './client-ip.ts';
import type { DialectAdapter } from './dialects/dialect-adapter.ts';
import { readHints, timeoutMs } from './request-hints.ts';

/** What the path says of a request, where the body does not. */
export interface PathFacts {
  readonly model?: string;
  readonly stream?: boolean;
}

/** What was read of a body, and of which state of it. */
interface Reading<Value> {
  readonly revision: number;
  readonly value: Value;
}

/** Where a request came in: fixed for each route, but for what stands in its path. */
export interface Surface {
  readonly adapter: DialectAdapter;
  readonly operation: Operation;
  readonly endpoint: string;
  readonly path?: PathFacts;
  readonly resource?: ResourceRequest;
}

export interface CallContext {
  readonly clock: Clock;
  readonly limits: { readonly trustedProxies: number };
}

/** What is read of an HTTP request besides its body. */
export interface RequestHead extends Pick<IncomingMessage, 'headers' | 'url'> {
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
}

/** What came with a request: a body in one piece, and of a form its files beside that. */
export interface SentBody {
  readonly body?: Buffer | undefined;
  readonly form?: CallForm | undefined;
}

const NO_BODY = Buffer.alloc(0);
const EMPTY_BODY = 'The body is empty. Send a JSON object with "Content-Type: application/json".';

/**
 * One HTTP request as a {@link Call}. The body is not looked into until a stage asks for `facts`, so that
 * a request without a valid key costs no parsing, and a bad body is refused (and recorded) inside the pipeline.
 */
export class HttpCall implements Call {
  readonly id: string;
  readonly receivedAt: number;
  readonly startedAt: number;
  readonly dialect: Dialect;
  readonly operation: Operation;
  readonly endpoint: string;
  readonly query: string;
  readonly headers: IncomingMessage['headers'];
  readonly clientIp: string;
  readonly body: CallBody;
  readonly form: CallForm | undefined;
  readonly resource: ResourceRequest | undefined;
  readonly cancellation = new Cancellation();
  readonly deadlineAt: number | undefined;
  readonly attempts = new AttemptLedger();
  readonly spans = new SpanLedger();
  readonly traceContext: TraceContext | undefined;
  readonly warnings: string[] = [];
  principal: Principal | undefined = undefined;
  assignment: Assignment | undefined = undefined;
  answeredBy: Target | undefined = undefined;
  keeps = false;
  cache: CacheOutcome | undefined = undefined;
  savings: readonly Saving[] | undefined = undefined;
  readonly #adapter: DialectAdapter;
  #facts: RequestFacts | undefined;
  #needs: Reading<Needs> | undefined;
  #inference: Reading<InferenceRequest> | undefined;
  #embedding: Reading<EmbeddingRequest> | undefined;
  readonly #path: PathFacts;

  constructor(surface: Surface, head: RequestHead, context: CallContext, { body = NO_BODY, form }: SentBody = {}) {
    this.receivedAt = context.clock.now();
    this.startedAt = context.clock.monotonic();
    this.id = newTraceId(this.receivedAt);
    this.dialect = surface.adapter.dialect;
    this.operation = surface.operation;
    this.endpoint = surface.endpoint;
    const { query, key } = queryOf(head.url ?? '');
    this.query = query;
    this.headers = key === undefined ? head.headers : withKey(head.headers, key);
    this.traceContext = traceContextOf(head.headers['traceparent']);
    const allowedMs = timeoutMs(head.headers);
    this.deadlineAt = allowedMs === undefined ? undefined : this.startedAt + allowedMs;
    const { trustedProxies } = context.limits;
    this.clientIp = clientIp(head.socket.remoteAddress, head.headers['x-forwarded-for'], trustedProxies);
    this.body = new CallBody(body);
    this.#adapter = surface.adapter;
    this.#path = surface.path ?? {};
    this.form = form;
    this.resource = surface.resource;
  }

  get facts(): RequestFacts {
    this.#facts ??= this.#readFacts();
    return this.#facts;
  }

  get needs(): Needs {
    return (this.#needs = this.#reading(this.#needs, (body) => {
      return this.operation === 'chat' ? this.#adapter.readNeeds(body.resolved, this.#path) : NO_NEEDS;
    })).value;
  }

  get inference(): InferenceRequest {
    return (this.#inference = this.#reading(this.#inference, (body) => {
      return this.#adapter.decode(body.exactJson, this.#path);
    })).value;
  }

  get embedding(): EmbeddingRequest {
    return (this.#embedding = this.#reading(this.#embedding, (body) => {
      return this.#adapter.decodeEmbedding(body.resolved);
    })).value;
  }

  /** What is known already, where nothing of the body was changed since; else read anew. */
  #reading<Value>(known: Reading<Value> | undefined, read: (body: CallBody) => Value): Reading<Value> {
    const { body } = this;
    return known?.revision === body.revision ? known : { revision: body.revision, value: read(body) };
  }

  /** Reads another body as one that was sent to where this one was. */
  reading(body: CallBody): Pick<Call, 'needs' | 'inference'> {
    const [adapter, path, { operation }] = [this.#adapter, this.#path, this];
    let needs: Needs | undefined;
    let inference: InferenceRequest | undefined;
    return {
      get needs() {
        return (needs ??= operation === 'chat' ? adapter.readNeeds(body.resolved, path) : NO_NEEDS);
      },
      get inference() {
        return (inference ??= adapter.decode(body.exactJson, path));
      },
    };
  }

  #bodyFacts(): BodyFacts {
    if (this.resource) return NO_FACTS;
    if (this.body.raw.length === 0) throw new GatewayError('request_invalid', { message: EMPTY_BODY });
    return this.#adapter.readFacts(this.body.json, this.operation, this.#path);
  }

  #readFacts(): RequestFacts {
    const hints = readHints(this.headers);
    const facts = this.#bodyFacts();
    return {
      model: facts.model,
      stream: facts.stream,
      user: hints.user ?? facts.user,
      metadata: hints.metadata ? { ...facts.metadata, ...hints.metadata } : facts.metadata,
      conversationId: hints.conversationId,
      priority: hints.priority,
      prefer: hints.prefer,
    };
  }
}

/** Node joins a header that came twice, and what is joined is none. */
function traceContextOf(value: string | string[] | undefined): TraceContext | undefined {
  return typeof value === 'string' ? readTraceparent(value) : undefined;
}

/** Some requests for things that a provider keeps have no body. */
const NO_FACTS: BodyFacts = { model: '', stream: false, user: undefined, metadata: undefined };

/** What stands behind `?`, and apart from it the key, which Gemini's clients may send there. */
function queryOf(url: string): { readonly query: string; readonly key?: string } {
  const mark = url.indexOf('?');
  const query = mark < 0 ? '' : url.slice(mark + 1);
  if (!KEY.test(query)) return { query };
  const pairs = query.split('&');
  const key = new URLSearchParams(query).get('key') ?? '';
  return { query: pairs.filter((pair) => !pair.startsWith('key=')).join('&'), key };
}

const KEY = /(?:^|&)key=/;

/** The key where its other clients send it; a header that is there counts more. */
function withKey(headers: IncomingMessage['headers'], key: string): IncomingMessage['headers'] {
  return { 'x-goog-api-key': key, ...headers };
}
