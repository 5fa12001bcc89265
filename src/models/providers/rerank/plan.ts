import type { Call } from '../../../core/call.ts';
import type { TranslationNote } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { RequestPlan, StreamReader, Wire } from '../provider.ts';
import { type Endpoint, withForwarded } from '../relay-request.ts';
import { type RerankAnswer, readRerankAnswer, rerankAnswer } from './answer.ts';
import { type RerankRequest, readRerank } from './request.ts';

/** Client headers that mean the same to everybody. */
const FORWARDED = ['idempotency-key', 'traceparent', 'tracestate'] as const;

/** How one provider ranks documents. Pure. */
export interface Reranker {
  /** Below the provider's address. */
  readonly path: string;
  /** What it does where the client does not say whether it wants its documents back. */
  readonly returnsDocuments: boolean;
  /** @throws capability_unsupported */
  build(
    request: RerankRequest,
    model: string,
  ): { readonly body: JsonObject; readonly notes: readonly TranslationNote[] };
  /** @throws provider_bad_response */
  read(body: unknown, request: RerankRequest): RerankAnswer;
}

/** A request to rank documents, built for the provider, and what makes of its answer one that the client reads. */
export function rerankPlan(reranker: Reranker, call: Call, model: string, endpoint: Endpoint): RequestPlan {
  const request = readRerank(call.body.resolved);
  const { body, notes } = reranker.build(request, model);
  const { origin, basePath, timeouts } = endpoint;
  const context = { request, requestId: call.id, model, returnsDocuments: reranker.returnsDocuments };
  return {
    request: {
      method: 'POST',
      origin,
      path: `${basePath}${reranker.path}`,
      headers: withForwarded(call, FORWARDED, endpoint.headers),
      body: Buffer.from(JSON.stringify(body)),
      timeouts,
    },
    patches: [],
    hideUsageFrame: false,
    notes,
    rewrite: (answer) => rerankAnswer(reranker.read(answer, request), context),
  };
}

/** Reads answers that {@link rerankPlan} has made the clients' own; refusals come as the provider has them. */
export function rerankWire(readError: Wire['readError']): Wire {
  return {
    dialect: 'openai',
    streamReader: () => NO_STREAM,
    readWhole: (_operation, body) => readRerankAnswer(body),
    answerEvents: () => [],
    readError,
  };
}

/** Nobody ranks in a stream. */
const NO_STREAM: StreamReader = { step: () => ({ events: [], hidden: false }), complete: false };
