import { GatewayError } from '../../../../core/errors.ts';
import type { FinishReason } from '../../../../core/events.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../../core/json.ts';
import { shownWords } from '../../map-status.ts';
import { isContentRefusal } from '../content-policy.ts';
import { mapErrorObject } from '../map-error.ts';

const INCOMPLETE: ReadonlyMap<string, FinishReason> = new Map([
  ['max_output_tokens', 'length'],
  ['max_messages', 'length'],
  ['content_filter', 'content-filter'],
  ['steered', 'pause'],
]);

/** How a response ended, in our words and in its own. */
export interface Outcome {
  readonly reason: FinishReason;
  readonly raw: string;
}

/**
 * A response that goes on in the background, or was cancelled there, is an answer as well.
 * @param calls whether there is a call for the client to run
 * @see https://platform.openai.com/docs/api-reference/responses/object#status (checked 2026-11-21)
 */
export function outcomeOf(response: JsonObject, calls: boolean): Outcome {
  const status = asString(response['status']) ?? 'completed';
  if (status === 'completed') return { reason: calls ? 'tool-calls' : 'stop', raw: status };
  const details = response['incomplete_details'];
  const why = isJsonObject(details) ? asString(details['reason']) : undefined;
  if (status !== 'incomplete' || why === undefined) return { reason: 'other', raw: status };
  return { reason: INCOMPLETE.get(why) ?? 'other', raw: why };
}

/** Codes by which a response fails for what is in the request. @see https://platform.openai.com/docs/api-reference/responses/object#error (checked 2026-11-21) */
const OF_REQUEST = /^(invalid_prompt|(\w+_)?image(_\w+)?)$/;

/** The error of a failed response, or of an `error` event. */
export function failureOf(error: Json | undefined): GatewayError {
  const raw = isJsonObject(error) ? error : {};
  const code = asString(raw['code']) ?? '';
  const words = asString(raw['message']);
  if (!OF_REQUEST.test(code) || isContentRefusal(raw, words)) return mapErrorObject(raw);
  return new GatewayError('request_invalid', shownWords('request_invalid', words));
}
