import type { Operation } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import type { Usage } from '../../../core/usage.ts';
import type { WholeReading } from '../provider.ts';
import { readRerankAnswer } from '../rerank/answer.ts';
import { mapErrorObject } from './map-error.ts';
import { failureOf, mapFinishReason } from './map-finish-reason.ts';
import { makesImages, mediaUsageIn } from './map-media-usage.ts';
import { usageIn } from './map-usage.ts';

/** By what an answer is known, and that it is a list; of a transcription it is its text. */
const ANSWERS: Readonly<Partial<Record<Operation, string>>> = {
  chat: 'choices',
  completion: 'choices',
  embeddings: 'data',
  rerank: 'results',
  moderation: 'results',
  transcription: 'text',
  'audio-translation': 'text',
  image: 'data',
  'image-edit': 'data',
  'image-variation': 'data',
};

/** Operations that report tokens as chats do. */
const OF_CHAT: ReadonlySet<Operation> = new Set(['chat', 'completion', 'embeddings', 'moderation']);

/** Reads a whole answer of an OpenAI-shaped server. */
export function fromResponse(operation: Operation, body: JsonObject): WholeReading {
  const responseModel = asString(body['model']);
  const choices = body['choices'];
  const first = Array.isArray(choices) && isJsonObject(choices[0]) ? choices[0] : undefined;
  const raw = asString(first?.['finish_reason']);
  const error = readError(operation, body) ?? brokenOff(raw);
  const finishReason = raw === undefined ? undefined : mapFinishReason(raw);
  return { responseModel, usage: readUsage(operation, body), error, finishReason };
}

function readUsage(operation: Operation, body: JsonObject): Usage | undefined {
  if (OF_CHAT.has(operation)) return usageIn(body);
  if (operation === 'rerank') return readRerankAnswer(body).usage;
  const { data } = body;
  return mediaUsageIn(operation, body, makesImages(operation) && Array.isArray(data) ? data.length : undefined);
}

function readError(operation: Operation, body: JsonObject): GatewayError | undefined {
  if (body['error'] !== undefined && body['error'] !== null) return mapErrorObject(body['error']);
  const field = ANSWERS[operation];
  if (field === undefined || isAnswer(body[field], field)) return undefined;
  return new GatewayError('provider_bad_response', { message: `The provider's answer has no "${field}".` });
}

function isAnswer(value: unknown, field: string): boolean {
  return field === 'text' ? typeof value === 'string' : Array.isArray(value);
}

function brokenOff(raw: string | undefined): GatewayError | undefined {
  const code = raw === undefined ? undefined : failureOf(raw);
  return code && new GatewayError(code, { message: `The provider broke the answer off ("${raw}").` });
}
