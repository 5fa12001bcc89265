import { Type } from 'typebox';

import { GatewayError } from '../../core/errors.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import { storableText } from '../../storage/database/storable.ts';
import type { SentFeedback } from './feedback.ts';

export const MOST_COMMENT = 4000;
const MOST_TAGS = 20;
const MOST_TAG = 64;
export const MOST_USER = 256;

/** What is described in OpenAPI; {@link readFeedback} checks it, so that a refusal can say what would be right. */
export const FEEDBACK_BODY = Type.Object({
  trace_id: Type.String({ description: '`x-causeway-request-id` of the answer' }),
  thumb: Type.Optional(Type.Union([Type.Literal('up'), Type.Literal('down')])),
  score: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'A thumb or a score is needed' })),
  comment: Type.Optional(Type.String({ maxLength: MOST_COMMENT })),
  tags: Type.Optional(Type.Array(Type.String({ maxLength: MOST_TAG }), { maxItems: MOST_TAGS })),
  user: Type.Optional(Type.String({ maxLength: MOST_USER, description: 'Who says it; `x-causeway-user` says it too' })),
});

const KNOWN = Object.keys(FEEDBACK_BODY.properties);

/** @throws request_invalid with the field at fault and what would be right */
export function readFeedback(body: unknown): SentFeedback {
  if (!isJsonObject(body)) {
    throw new GatewayError('request_invalid', {
      message: 'The body must be a JSON object such as {"trace_id": "…", "thumb": "up"}.',
    });
  }
  const unknown = Object.keys(body).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw invalid(unknown.slice(0, 64), `is not known here. There are ${KNOWN.join(', ')}`);
  const thumb = readThumb(body['thumb']);
  const score = readScore(body['score']);
  if (thumb === null && score === null) throw invalid('thumb', 'or `score` is needed');
  return {
    traceId: readTraceId(body['trace_id']),
    thumb,
    score,
    comment: readComment(body),
    tags: readTags(body['tags']),
    user: readUser(body),
  };
}

function invalid(field: string, fault: string): GatewayError {
  return new GatewayError('request_invalid', { message: `\`${field}\` ${fault}.`, param: field });
}

function isAbsent(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function readTraceId(value: Json | undefined): string {
  if (typeof value === 'string' && /^[\da-f]{32}$/.test(value)) return value;
  throw invalid('trace_id', 'must be the x-causeway-request-id of an answer: 32 digits of 0-9 and a-f');
}

function readThumb(value: Json | undefined): 'up' | 'down' | null {
  if (isAbsent(value)) return null;
  if (value === 'up' || value === 'down') return value;
  throw invalid('thumb', 'must be "up" or "down"');
}

function readScore(value: Json | undefined): number | null {
  if (isAbsent(value)) return null;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw invalid('score', 'must be a number from 0 to 1');
}

function readComment(body: JsonObject): string | null {
  return readText(body, 'comment', MOST_COMMENT) ?? null;
}

function readUser(body: JsonObject): string | undefined {
  return readText(body, 'user', MOST_USER);
}

function readText(body: JsonObject, name: string, most: number): string | undefined {
  const value = body[name];
  if (isAbsent(value) || value === '') return undefined;
  if (typeof value === 'string' && value.length <= most) return storableText(value);
  throw invalid(name, `must be a text of at most ${most} characters`);
}

function readTags(value: Json | undefined): string[] | null {
  if (isAbsent(value)) return null;
  const isList = Array.isArray(value) && value.length <= MOST_TAGS;
  const texts = isList ? value.filter((tag) => typeof tag === 'string' && tag !== '' && tag.length <= MOST_TAG) : [];
  if (!isList || texts.length < value.length) {
    throw invalid('tags', `must be a list of at most ${MOST_TAGS} texts of 1 to ${MOST_TAG} characters`);
  }
  const tags = [...new Set(texts.map((tag) => storableText(tag as string)))];
  return tags.length === 0 ? null : tags;
}
