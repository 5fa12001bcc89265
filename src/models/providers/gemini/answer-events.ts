import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { GeminiStreamReader } from './stream.ts';

/** What a whole response says, as the events that a stream of it has. */
export function answerEvents(body: JsonObject): StreamEvent[] {
  return new GeminiStreamReader().whole(body);
}
