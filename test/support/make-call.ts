import { AttemptLedger } from '../../src/core/attempts.ts';
import { CallBody } from '../../src/core/call-body.ts';
import type { Call, RequestFacts } from '../../src/core/call.ts';
import { Cancellation } from '../../src/core/cancellation.ts';
import type { EmbeddingRequest } from '../../src/core/inference/embedding.ts';
import { NO_NEEDS } from '../../src/core/inference/needs.ts';
import type { InferenceRequest } from '../../src/core/inference/request.ts';
import { SpanLedger } from '../../src/core/spans.ts';
import { adapterOf } from '../../src/edge/dialects/registry.ts';

/** Anything of a call, and its body as JSON value, text or bytes. */
export interface CallParts extends Partial<Omit<Call, 'body' | 'facts'>> {
  readonly json?: unknown;
  readonly raw?: Buffer;
  readonly facts?: Partial<RequestFacts>;
}

const NO_FACTS: RequestFacts = {
  model: 'gpt-4o-mini',
  stream: false,
  user: undefined,
  metadata: undefined,
  conversationId: undefined,
  priority: undefined,
};

/** A chat call in the OpenAI dialect, but for what the test says. Facts not given are read from the JSON body. */
export function makeCall({ json, raw, facts, ...parts }: CallParts = {}): Call {
  const value = json ?? { model: facts?.model ?? NO_FACTS.model, messages: [{ role: 'user', content: 'Hello' }] };
  const { model, stream } = value as { model?: string; stream?: boolean };
  return {
    id: '0192f0c1d2e37000800000000000abcd',
    receivedAt: 1_700_000_000_000,
    startedAt: 0,
    dialect: 'openai',
    operation: 'chat',
    endpoint: '/v1/chat/completions',
    query: '',
    headers: {},
    clientIp: '127.0.0.1',
    body: new CallBody(raw ?? Buffer.from(JSON.stringify(value))),
    facts: { ...NO_FACTS, model: model ?? NO_FACTS.model, stream: stream ?? false, ...facts },
    cancellation: new Cancellation(),
    attempts: new AttemptLedger(),
    spans: new SpanLedger(),
    traceContext: undefined,
    warnings: [],
    needs: NO_NEEDS,
    get inference(): InferenceRequest {
      return adapterOf(parts.dialect ?? 'openai').decode(this.body.exactJson, {});
    },
    get embedding(): EmbeddingRequest {
      return adapterOf(parts.dialect ?? 'openai').decodeEmbedding(this.body.json);
    },
    form: undefined,
    resource: undefined,
    principal: undefined,
    assignment: undefined,
    ...parts,
  };
}
