import { AttemptLedger } from '../../core/attempts.ts';
import { CallBody } from '../../core/call-body.ts';
import { type Call, type Operation, type Target, targetName } from '../../core/call.ts';
import { Cancellation } from '../../core/cancellation.ts';
import type { Clock } from '../../core/clock.ts';
import { newTraceId } from '../../core/ids.ts';
import type { EmbeddingRequest } from '../../core/inference/embedding.ts';
import { NO_NEEDS } from '../../core/inference/needs.ts';
import type { InferenceRequest } from '../../core/inference/request.ts';
import type { JsonObject } from '../../core/json.ts';
import { SpanLedger } from '../../core/spans.ts';

/** The paths that what the gateway asks by itself is grouped by, by the part that asks. */
type OwnEndpoint =
  | 'causeway/semantic-cache'
  | 'causeway/routing'
  | 'causeway/cascade'
  | 'causeway/judge'
  | 'causeway/guard'
  | 'causeway/shadow';

/** What one of its requests says: as a body of OpenAI's API, and in no dialect. */
export interface OwnRequest {
  readonly operation: Operation;
  readonly body: JsonObject;
  readonly inference?: InferenceRequest;
  readonly embedding?: EmbeddingRequest;
}

export interface OwnCallDeps {
  readonly clock: Clock;
  readonly endpoint: OwnEndpoint;
}

/** On whose behalf something is asked. */
export type OwnCaller = Pick<Call, 'clientIp' | 'principal' | 'traceContext'> & {
  readonly facts: Pick<Call['facts'], 'user' | 'priority'>;
};

/**
 * A request of the gateway's own on behalf of a call: the same caller pays for it, and it has a record, a ledger and an
 * end of its own. Nothing of the client's headers goes with it.
 * @param allowedMs until it is given up
 */
export function ownCall(
  { clock, endpoint }: OwnCallDeps,
  call: OwnCaller,
  target: Target,
  asked: OwnRequest,
  allowedMs: number,
): Call {
  const receivedAt = clock.now();
  const startedAt = clock.monotonic();
  const { clientIp, principal, traceContext, facts } = call;
  return {
    id: newTraceId(receivedAt),
    receivedAt,
    startedAt,
    dialect: 'openai',
    operation: asked.operation,
    endpoint,
    query: '',
    headers: {},
    clientIp,
    body: new CallBody(Buffer.from(JSON.stringify(asked.body))),
    form: undefined,
    resource: undefined,
    facts: {
      model: targetName(target),
      stream: false,
      user: facts.user,
      metadata: undefined,
      conversationId: undefined,
      priority: facts.priority,
    },
    needs: NO_NEEDS,
    get inference(): InferenceRequest {
      if (!asked.inference) throw new Error('it asks for no answer in words');
      return asked.inference;
    },
    get embedding(): EmbeddingRequest {
      if (!asked.embedding) throw new Error('it asks for no vectors');
      return asked.embedding;
    },
    cancellation: new Cancellation(),
    deadlineAt: startedAt + allowedMs,
    attempts: new AttemptLedger(),
    spans: new SpanLedger(),
    traceContext,
    warnings: [],
    principal,
    assignment: {
      virtualModel: undefined,
      targets: [target],
      passThroughCredentials: false,
      timeouts: { total: allowedMs },
    },
  };
}

/** @param texts at least one */
export function embeddingRequest(texts: readonly string[], model: string): OwnRequest {
  return {
    operation: 'embeddings',
    body: { model, input: [...texts], encoding_format: 'float' },
    embedding: { inputs: texts, encoding: 'float', purpose: 'similarity', extra: {} },
  };
}

/** What is said to a chat model: by the operator, by somebody who asks, by an assistant. */
export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

/** One question to a chat model, with everything else as it is by default: not all models take a temperature. */
export function chatRequest(turns: readonly Turn[], model: string): OwnRequest {
  return {
    operation: 'chat',
    body: { model, messages: turns.map(({ role, text }) => ({ role, content: text })) },
    inference: {
      messages: turns.map(({ role, text }) => ({ role, content: [{ type: 'text', text }] })),
      tools: [],
      stream: false,
      includeUsage: false,
      fields: {},
      notes: [],
    },
  };
}

/** Texts for a moderation endpoint. @param texts at least one */
export function moderationRequest(texts: readonly string[], model: string): OwnRequest {
  return { operation: 'moderation', body: { model, input: [...texts] } };
}
