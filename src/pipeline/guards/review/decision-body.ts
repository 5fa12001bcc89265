import { Type } from 'typebox';

import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import { storableText } from '../../../storage/database/storable.ts';
import { tooLarge, MOST_REQUEST_BYTES } from './kept-request.ts';
import type { ReviewWord } from './review-desk.ts';

const MOST_NOTE = 4000;
const MOST_NAME = 128;

const common = {
  by: Type.Optional(Type.String({ maxLength: MOST_NAME, description: 'Who decides, for whoever reads it later' })),
  note: Type.Optional(
    Type.String({ maxLength: MOST_NOTE, description: 'Why, for whoever reads it later; the client is not told' }),
  ),
};
export const APPROVE_BODY = Type.Object(common);
export const REJECT_BODY = Type.Object({
  ...common,
  message: Type.Optional(Type.String({ maxLength: MOST_NOTE, description: 'What the client is told' })),
});
export const EDIT_BODY = Type.Object({
  ...common,
  body: Type.Optional(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description: "Of a request: the whole body that is sent in its place, in the client's API",
      },
    ),
  ),
  answer: Type.Optional(
    Type.String({ description: 'Of an answer or of calls of tools: the text that the client gets in their place' }),
  ),
});

/** @throws request_invalid with the field at fault and what would be right */
export function readApprove(sent: unknown): ReviewWord {
  const body = readBody(sent, Object.keys(APPROVE_BODY.properties));
  return { action: 'approve', ...readCommon(body) };
}

/** @throws request_invalid */
export function readReject(sent: unknown): ReviewWord {
  const body = readBody(sent, Object.keys(REJECT_BODY.properties));
  return { action: 'reject', ...readCommon(body), message: readText(body, 'message', MOST_NOTE) };
}

/** @throws request_invalid, request_too_large */
export function readEdit(sent: unknown): ReviewWord {
  const body = readBody(sent, Object.keys(EDIT_BODY.properties));
  const { body: request, answer } = body;
  const words = readCommon(body);
  if ((request === undefined) === (answer === undefined)) throw invalid('body', 'or `answer` is needed, and not both');
  if (request !== undefined) {
    if (!isJsonObject(request)) throw invalid('body', 'must be a JSON object: the request that is sent in its place');
    if (Buffer.byteLength(JSON.stringify(request)) > MOST_REQUEST_BYTES) throw tooLarge('A request');
    return { action: 'edit', ...words, body: request };
  }
  if (typeof answer !== 'string' || answer === '') throw invalid('answer', 'must be a text');
  if (Buffer.byteLength(answer) > MOST_REQUEST_BYTES) throw tooLarge('An answer');
  return { action: 'edit', ...words, answer: answer.toWellFormed() };
}

/** A decision needs no body where nothing is to be said. */
function readBody(sent: unknown, known: readonly string[]): JsonObject {
  const body = sent ?? {};
  if (!isJsonObject(body)) {
    throw new GatewayError('request_invalid', { message: 'The body must be a JSON object such as {"note": "…"}.' });
  }
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(unknown.slice(0, 64), `is not known here. There are ${known.join(', ')}`);
  return body;
}

function readCommon(body: JsonObject) {
  return { by: readText(body, 'by', MOST_NAME), note: readText(body, 'note', MOST_NOTE) };
}

function readText(body: JsonObject, name: string, most: number): string | null {
  const value = body[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' && value.length <= most) return storableText(value);
  throw invalid(name, `must be a text of at most ${most} characters`);
}

function invalid(field: string, fault: string): GatewayError {
  return new GatewayError('request_invalid', { message: `\`${field}\` ${fault}.`, param: field });
}
