import { type Static, Type } from 'typebox';

import { type Json, parseJson } from '../../../core/json.ts';
import { REVIEW_HEADER } from './parked-reply.ts';
import { refusalOf } from './refusal.ts';
import {
  type HeldAnswer,
  REVIEW_KINDS,
  REVIEW_STATES,
  type RenderedAnswer,
  type ReviewFacts,
  type StoredReview,
} from './review.ts';
import type { SealedParts } from './sealed-parts.ts';

const orNull = (description: string) => Type.Union([Type.String({ description }), Type.Null()]);
const STATES = Type.String({ description: REVIEW_STATES.join(', ') });
const KINDS = Type.String({ description: REVIEW_KINDS.join(', ') });

const ReasonView = Type.Object({
  guard: Type.String(),
  place: Type.String(),
  score: Type.Optional(Type.Number()),
  found: Type.Optional(Type.Record(Type.String(), Type.Number(), { description: 'How often each category was found' })),
  tool: Type.Optional(Type.String()),
});

const AnswerView = Type.Object({
  status: Type.Number({ description: 'The HTTP status that it would have had' }),
  content_type: Type.String(),
  request_id: Type.String({ description: 'Of the request that brought it, under which its trace is' }),
  body: Type.Unknown({ description: 'JSON as it is, other texts as a text, anything else in base64' }),
  encoding: Type.Optional(Type.String({ description: 'base64, where the body is' })),
});

/** What a client sees of its review. */
export const ClientReviewView = Type.Object({
  id: Type.String(),
  status: STATES,
  kind: KINDS,
  created_at: Type.String(),
  expires_at: Type.String({ description: 'Until when it waits, and then until when an approval can be used' }),
  message: orNull('What to do now, or what the reviewer says'),
  answer: Type.Union([AnswerView, Type.Null()], { description: 'As it would have come, once it is there' }),
});

/** What admins see in lists. */
export const ReviewView = Type.Object({
  id: Type.String(),
  state: STATES,
  kind: KINDS,
  runs_here: Type.Boolean({
    description: 'The gateway makes the answer when it is approved; else the client sends the request again',
  }),
  edited: Type.Boolean(),
  created_at: Type.String(),
  expires_at: Type.String({ description: 'Until when it waits, and then until when an approval can be used' }),
  decided_at: orNull('RFC 3339'),
  decided_by: orNull('The name that the reviewer gave'),
  note: orNull('The client is not told'),
  message: orNull('For the client'),
  project: Type.String(),
  key_id: Type.String(),
  user: orNull('Whose request it is'),
  trace_id: Type.String({ description: 'Of the request that waits' }),
  used_by: orNull('The trace of the request that used the approval'),
  dialect: Type.String(),
  operation: Type.String(),
  endpoint: Type.String(),
  model: Type.String(),
  policy: Type.String(),
  reasons: Type.Array(ReasonView),
});
export const ReviewList = Type.Object({ data: Type.Array(ReviewView), next: orNull('The `cursor` of the next page') });

/** The same with what was said, which a reviewer has to read. */
export const OpenedReviewView = Type.Object({
  ...ReviewView.properties,
  request: Type.Unknown({ description: 'The body that the client sent' }),
  held: Type.Union([Type.Unknown(), Type.Null()], {
    description: 'The answer that waits: what the model said',
  }),
  edit: Type.Union([Type.Unknown(), Type.Null()], { description: '`body` or `answer` that a reviewer put in place' }),
  answer: Type.Union([AnswerView, Type.Null()], { description: 'What came of it' }),
});

export function clientView(review: StoredReview, parts: SealedParts): Static<typeof ClientReviewView> {
  const result = parts.openResult(review);
  return {
    id: review.id,
    status: review.state,
    kind: review.kind,
    created_at: review.createdAt.toISOString(),
    expires_at: review.expiresAt.toISOString(),
    message: result ? null : whatNow(review),
    answer: result ? answerView(result) : null,
  };
}

export function reviewView(review: ReviewFacts): Static<typeof ReviewView> {
  return {
    id: review.id,
    state: review.state,
    kind: review.kind,
    runs_here: review.runsHere,
    edited: review.isEdited,
    created_at: review.createdAt.toISOString(),
    expires_at: review.expiresAt.toISOString(),
    decided_at: review.decidedAt?.toISOString() ?? null,
    decided_by: review.decidedBy,
    note: review.note,
    message: review.message,
    project: review.project,
    key_id: review.keyId,
    user: review.userId,
    trace_id: review.traceId,
    used_by: review.usedBy,
    dialect: review.dialect,
    operation: review.operation,
    endpoint: review.endpoint,
    model: review.model,
    policy: review.policy,
    reasons: review.reasons.map(({ guard, place, score, found, tool }) => ({
      guard,
      place,
      ...(score === undefined ? {} : { score }),
      ...(found === undefined ? {} : { found }),
      ...(tool === undefined ? {} : { tool }),
    })),
  };
}

export function openedView(review: StoredReview, parts: SealedParts): Static<typeof OpenedReviewView> {
  const { body } = parts.openRequest(review);
  const held = parts.openHeld(review);
  const result = parts.openResult(review);
  return {
    ...reviewView(review),
    request: parseJson(body) ?? body,
    held: held ? heldView(held) : null,
    edit: parts.openEdit(review) ?? null,
    answer: result ? answerView(result) : null,
  };
}

function whatNow(review: StoredReview): string | null {
  if (review.state === 'waiting') return null;
  if (review.state === 'approved' && !review.runsHere) {
    return `Send the same request again with the header ${REVIEW_HEADER}: ${review.id}.`;
  }
  return refusalOf(review).message;
}

function answerView({ status, contentType, body, requestId }: RenderedAnswer): Static<typeof AnswerView> {
  return { status, content_type: contentType, request_id: requestId, ...bodyView(contentType, body) };
}

function bodyView(contentType: string, bytes: Uint8Array): { readonly body: Json; readonly encoding?: string } {
  const text = Buffer.from(bytes);
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(contentType)) {
    const json = parseJson(text.toString('utf8'));
    if (json !== undefined) return { body: json };
  }
  if (/^text\//i.test(contentType)) return { body: text.toString('utf8') };
  return { body: text.toString('base64'), encoding: 'base64' };
}

/** Texts and calls of tools, joined of the pieces in which they came. */
function heldView({ events }: HeldAnswer): Json {
  const texts = new Map<number, string>();
  const calls = new Map<string, { choice: number; name: string; arguments: string }>();
  for (const event of events) {
    if (event.type === 'text-delta' || event.type === 'refusal-delta') {
      texts.set(event.choice, (texts.get(event.choice) ?? '') + event.text);
    } else if (event.type === 'tool-call-start') {
      calls.set(`${event.choice}.${event.index}`, { choice: event.choice, name: event.name, arguments: '' });
    } else if (event.type === 'tool-call-delta') {
      const call = calls.get(`${event.choice}.${event.index}`);
      if (call) call.arguments += event.argumentsText;
    }
  }
  return {
    texts: [...texts].map(([choice, text]) => ({ choice, text })),
    tool_calls: [...calls.values()],
  };
}
