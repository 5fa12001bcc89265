import { abortError } from '../core/abort-error.ts';
import type { Call } from '../core/call.ts';
import type { GatewayError } from '../core/errors.ts';
import type { Terminal } from '../core/events.ts';
import type { JsonObject } from '../core/json.ts';
import type { Reply, StreamedReply } from '../core/reply.ts';
import type { AnswerContext, DialectAdapter, EmbeddingContext } from './dialects/dialect-adapter.ts';

/** The bytes of an answer in one piece, in the client's dialect. */
export function bodyOf(call: Call, adapter: DialectAdapter, reply: Exclude<Reply, StreamedReply>): Uint8Array {
  if (reply.kind === 'whole') return reply.body;
  return jsonBytes(
    reply.kind === 'vectors'
      ? adapter.encodeEmbedding(reply.answer, embeddingContext(call))
      : adapter.encodeAnswer(reply.events, answerContext(call, adapter, reply.rewritten)),
  );
}

/** What encoders of a call's answer need to know. */
export function answerContext(call: Call, adapter: DialectAdapter, rewritten = false): AnswerContext {
  const { id, receivedAt, facts, operation, body } = call;
  return {
    requestId: id,
    createdAt: receivedAt,
    model: facts.model,
    operation,
    // Only a chat can be read as one.
    get request() {
      return rewritten ? adapter.readWishes(body.resolved) : call.inference;
    },
    body: body.json,
    now: Date.now,
    rewritten,
  };
}

/** What the client has to be told at the end of a stream; nothing where it was complete. */
export function errorOf(terminal: Terminal): GatewayError | undefined {
  if (terminal.kind === 'completed') return undefined;
  return terminal.kind === 'failed' ? terminal.error : abortError(terminal.by);
}

function jsonBytes(value: JsonObject): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function embeddingContext({ facts, operation, endpoint, embedding }: Call): EmbeddingContext {
  return { model: facts.model, operation, endpoint, request: embedding };
}
