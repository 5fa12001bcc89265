import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { CohereStreamReader } from './stream.ts';

/** What a whole answer of Cohere's chat says, as the events that a stream of it has. */
export function answerEvents(body: JsonObject): StreamEvent[] {
  return new CohereStreamReader().whole(body);
}
