import { GatewayError, toGatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { parseExact } from '../../../core/inference/exact-json.ts';
import { type Json, type JsonObject, asString, isJsonObject, parseJson } from '../../../core/json.ts';
import type { FrameReading, SseFrame, StreamReader } from '../provider.ts';
import { CandidateReader } from './candidate-reader.ts';
import { mapErrorObject } from './map-error.ts';
import { FAILURES } from './map-finish-reason.ts';
import { mapUsage, searchesIn } from './map-usage.ts';

/**
 * Reads the chunks of `streamGenerateContent`, each of which is a response of its own. Nothing says that a stream is at
 * its end; it is complete where every answer has a reason to have ended.
 * @see https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent (checked 2026-11-21)
 */
export class GeminiStreamReader implements StreamReader {
  readonly #candidates = new Map<number, CandidateReader>();
  #responseId = '';
  #started = false;
  #blocked = false;
  #searches = 0;

  get complete(): boolean {
    if (this.#blocked) return true;
    return this.#candidates.size > 0 && [...this.#candidates.values()].every(({ finished }) => finished);
  }

  step(frame: SseFrame): FrameReading {
    return { events: this.#chunk(parsed(frame.data)), hidden: false };
  }

  /** A response that came in one piece, as the events that a stream of it has. */
  whole(body: JsonObject): StreamEvent[] {
    return [...this.#chunk(body), { type: 'end' }];
  }

  #chunk(body: Json | undefined): StreamEvent[] {
    if (!isJsonObject(body)) return [failed(new GatewayError('provider_bad_response'))];
    if (body['error'] !== undefined) return [failed(mapErrorObject(body['error']))];
    const candidates = candidatesIn(body);
    const failure = failureIn(candidates);
    if (failure) return [failed(failure), ...this.#usage(body, candidates)];
    try {
      return this.#read(body, candidates);
    } catch (thrown) {
      return [failed(toGatewayError(thrown))];
    }
  }

  #read(body: JsonObject, candidates: readonly JsonObject[]): StreamEvent[] {
    return [
      ...this.#start(body),
      ...this.#usage(body, candidates),
      ...candidates.flatMap((candidate) => this.#candidate(candidate).read(candidate, this.#responseId)),
      ...this.#block(body),
    ];
  }

  #start(body: JsonObject): StreamEvent[] {
    const id = asString(body['responseId']);
    const model = asString(body['modelVersion']);
    if (this.#started || (id === undefined && model === undefined)) return [];
    this.#started = true;
    this.#responseId = id ?? '';
    return [{ type: 'message-start', ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) }];
  }

  /** Every chunk reports all tokens until then; the sources of an answer may be in one alone. */
  #usage(body: JsonObject, candidates: readonly JsonObject[]): StreamEvent[] {
    this.#searches = Math.max(this.#searches, searchesIn(candidates, asString(body['modelVersion'])));
    const raw = body['usageMetadata'];
    const usage = isJsonObject(raw) ? mapUsage(raw, this.#searches) : undefined;
    return usage ? [{ type: 'usage', usage }] : [];
  }

  #candidate({ index }: JsonObject): CandidateReader {
    const choice = typeof index === 'number' ? index : 0;
    let reader = this.#candidates.get(choice);
    if (!reader) {
      reader = new CandidateReader(choice);
      this.#candidates.set(choice, reader);
    }
    return reader;
  }

  /** The prompt itself was not let through, so there is no answer that could say so. */
  #block(body: JsonObject): StreamEvent[] {
    const raw = blockReason(body);
    if (raw === undefined || this.#candidates.size > 0 || this.#blocked) return [];
    this.#blocked = true;
    return [{ type: 'finish', choice: 0, reason: 'content-filter', raw }];
  }
}

/** Why the prompt was not let through. */
export function blockReason(body: JsonObject): string | undefined {
  const feedback = isJsonObject(body['promptFeedback']) ? body['promptFeedback'] : {};
  const raw = asString(feedback['blockReason']);
  return raw === 'BLOCKED_REASON_UNSPECIFIED' ? undefined : raw;
}

export function candidatesIn(body: JsonObject): JsonObject[] {
  return Array.isArray(body['candidates']) ? body['candidates'].filter(isJsonObject) : [];
}

/** Set where the model wrote what is no answer. */
export function failureIn(candidates: readonly JsonObject[]): GatewayError | undefined {
  for (const { finishReason, finishMessage } of candidates) {
    const says = FAILURES.get(asString(finishReason) ?? '');
    if (says === undefined) continue;
    const message = `${says} (${asString(finishReason)}${finishMessage ? `: ${asString(finishMessage)}` : ''})`;
    return new GatewayError('provider_bad_response', { message });
  }
  return undefined;
}

/** Long numbers of arguments stay as the model wrote them. */
function parsed(data: string): Json | undefined {
  const body = parseJson(data);
  return body !== undefined && data.includes('"functionCall"') ? parseExact(data) : body;
}

function failed(error: GatewayError): StreamEvent {
  return { type: 'error', error };
}
