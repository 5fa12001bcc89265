import type { Call } from '../../../core/call.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import { isJsonObject } from '../../../core/json.ts';
import { isPlainRequest } from './plain-request.ts';

/** Of answers that are kept as the frames of a stream. */
export const EVENT_STREAM = 'text/event-stream';

/**
 * Whether the answer to this request may hold what only its provider's own words carry: things that it keeps, log
 * probabilities, reasoning that it alone can open. Such an answer is given again as it came, or not at all.
 */
export function isVerbatimOnly(call: Call): boolean {
  if (call.operation !== 'chat' || call.keeps === true) return true;
  if (isPlainRequest(call)) return false;
  const request = inferenceOf(call);
  if (!request || request.logprobs || request.fields['document-citations'] !== undefined) return true;
  return call.dialect === 'responses' && call.body.json['include'] !== undefined;
}

/** Whether all that the request asks for can be asked in no dialect: what it is answered can be written anew. */
export function isInference(call: Call): boolean {
  return isPlainRequest(call) || inferenceOf(call) !== undefined;
}

/** Undefined where the request asks for what only its own dialect has. */
export function inferenceOf(call: Call): InferenceRequest | undefined {
  try {
    return call.inference;
  } catch {
    return undefined;
  }
}

/** A client of OpenAI's chat or completions that wants a last frame with the usage. */
export function asksUsageFrame({ dialect, operation, body }: Call): boolean {
  if (dialect !== 'openai' || (operation !== 'chat' && operation !== 'completion')) return false;
  const options = body.json['stream_options'];
  return isJsonObject(options) && options['include_usage'] === true;
}

/** What decides, beside the request's key, in what form its client gets the answer. */
export function formName({ facts, body, query }: Call): string {
  // Gemini's clients say in the query how a stream is framed.
  if (!facts.stream) return `whole ${query}`;
  return `stream ${query} ${JSON.stringify(body.json['stream_options'] ?? null)}`;
}
