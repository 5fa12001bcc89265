import type { IncomingMessage } from 'node:http';

import { AttemptLedger } from '../core/attempts.ts';
import { CallBody } from '../core/call-body.ts';
import type { Assignment, Call, Dialect, Operation, Principal, RequestFacts } from '../core/call.ts';
import { Cancellation } from '../core/cancellation.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { newTraceId } from '../core/ids.ts';
import { NO_NEEDS, type Needs } from '../core/inference/needs.ts';
import type { InferenceRequest } from '../core/inference/request.ts';
import { clientIp } from './client-ip.ts';
import type { DialectAdapter } from './dialects/dialect-adapter.ts';
import { readHints } from './request-hints.ts';

/** Where a request came in: fixed for each route. */
export interface Surface {
  readonly adapter: DialectAdapter;
  readonly operation: Operation;
  readonly endpoint: string;
}

export interface CallContext {
  readonly clock: Clock;
  readonly limits: { readonly trustedProxies: number };
}

/** What is read of an HTTP request besides its body. */
export type RequestHead = Pick<IncomingMessage, 'headers' | 'url' | 'socket'>;

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
  readonly cancellation = new Cancellation();
  readonly attempts = new AttemptLedger();
  readonly warnings: string[] = [];
  principal: Principal | undefined = undefined;
  assignment: Assignment | undefined = undefined;
  readonly #adapter: DialectAdapter;
  #facts: RequestFacts | undefined;
  #needs: Needs | undefined;
  #inference: InferenceRequest | undefined;

  constructor(surface: Surface, head: RequestHead, context: CallContext, body = NO_BODY) {
    this.receivedAt = context.clock.now();
    this.startedAt = context.clock.monotonic();
    this.id = newTraceId(this.receivedAt);
    this.dialect = surface.adapter.dialect;
    this.operation = surface.operation;
    this.endpoint = surface.endpoint;
    this.headers = head.headers;
    this.query = queryOf(head.url ?? '');
    const { trustedProxies } = context.limits;
    this.clientIp = clientIp(head.socket.remoteAddress, head.headers['x-forwarded-for'], trustedProxies);
    this.body = new CallBody(body);
    this.#adapter = surface.adapter;
  }

  get facts(): RequestFacts {
    this.#facts ??= this.#readFacts();
    return this.#facts;
  }

  get needs(): Needs {
    this.#needs ??= this.operation === 'chat' ? this.#adapter.readNeeds(this.body.json) : NO_NEEDS;
    return this.#needs;
  }

  get inference(): InferenceRequest {
    this.#inference ??= this.#adapter.decode(this.body.exactJson);
    return this.#inference;
  }

  #readFacts(): RequestFacts {
    const hints = readHints(this.headers);
    if (this.body.raw.length === 0) throw new GatewayError('request_invalid', { message: EMPTY_BODY });
    const facts = this.#adapter.readFacts(this.body.json, this.operation);
    return {
      model: facts.model,
      stream: facts.stream,
      user: hints.user ?? facts.user,
      metadata: hints.metadata ? { ...facts.metadata, ...hints.metadata } : facts.metadata,
      conversationId: hints.conversationId,
      priority: hints.priority,
    };
  }
}

function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}
