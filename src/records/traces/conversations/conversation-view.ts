import { type Static, type TSchema, Type } from 'typebox';

import type { Json } from '../../../core/json.ts';
import { newMessages } from '../search/spoken-texts.ts';
import { wholeMicros } from '../span-view.ts';
import { costView, errorView, microsOrNull, tokensView } from '../trace-view.ts';
import { type FeedbackView, ListedTraceView, TokensView } from '../view-schema.ts';
import type { Conversation } from './conversation.ts';
import type { TurnRow } from './turn-row.ts';

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Next = orNull(Type.String({ description: 'The `cursor` of the next page' }));

export const ConversationView = Type.Object({
  conversation_id: Type.String(),
  project: orNull(Type.String({ description: 'The same id in two projects is two conversations' })),
  user_id: orNull(Type.String({ description: 'Of the latest request that has one' })),
  first_at: Type.String({ description: 'RFC 3339' }),
  last_at: Type.String({ description: 'RFC 3339' }),
  requests: Type.Integer(),
  tokens: TokensView,
  cost_usd: orNull(Type.Number({ description: 'Dollars; null = unknown, which is not 0' })),
  cost_known: Type.Boolean({ description: 'false where cost_usd lacks the cost of a request' }),
  models: Type.Array(Type.String({ description: 'As the client asked' })),
  last_error: orNull(Type.String({ description: 'Code of the latest request that failed' })),
});

/** What a thread shows of a request, as the listing of traces has it. */
const SHOWN = [
  'trace_id',
  'status',
  'user_id',
  'model',
  'target',
  'prompt_version',
  'tokens',
  'cost_usd',
  'cost_known',
  'latency_ms',
  'ttft_ms',
  'finish_reason',
  'error',
  'feedback',
  'started_at',
] as const;

export const TurnView = Type.Object({
  ...Type.Pick(ListedTraceView, [...SHOWN]).properties,
  input: Type.Unknown({ description: "What is new in this request: the messages after the model's last one" }),
  output: Type.Unknown({ description: 'The answer' }),
});

export const ConversationList = Type.Object({ data: Type.Array(ConversationView), next: Next });
export const ThreadView = Type.Object({
  ...ConversationView.properties,
  data: Type.Array(TurnView, { description: 'Its requests, the earliest first' }),
  next: Next,
});

export function conversationView(conversation: Conversation): Static<typeof ConversationView> {
  return {
    conversation_id: conversation.id,
    project: conversation.project,
    user_id: conversation.userId,
    first_at: conversation.firstAt.toISOString(),
    last_at: conversation.lastAt.toISOString(),
    requests: conversation.requests,
    tokens: tokensView(conversation),
    cost_usd: costView(conversation.costNanoUsd, conversation.costKnown),
    cost_known: conversation.costKnown,
    models: [...conversation.models],
    last_error: conversation.lastError,
  };
}

export function turnView(trace: TurnRow, feedback: readonly FeedbackView[] = []): Static<typeof TurnView> {
  return {
    trace_id: trace.traceId,
    status: trace.status,
    user_id: trace.userId,
    model: trace.model,
    target: trace.target,
    prompt_version: trace.promptVersion,
    tokens: tokensView(trace),
    cost_usd: costView(trace.costNanoUsd, trace.costKnown),
    cost_known: trace.costKnown,
    latency_ms: wholeMicros(trace.latencyMs),
    ttft_ms: microsOrNull(trace.ttftMs),
    finish_reason: trace.finishReason,
    error: errorView(trace),
    feedback: [...feedback],
    started_at: trace.startedAt.toISOString(),
    input: trace.input === null ? null : newMessages(trace.input as Json),
    output: trace.output,
  };
}
