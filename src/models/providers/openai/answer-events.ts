import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { OpenAiStreamReader } from './stream.ts';

/** What a whole chat completion says, as the events that a stream of it has. */
export function answerEvents(body: JsonObject, thinkTags = false): StreamEvent[] {
  return new OpenAiStreamReader({ hideUsageFrame: false, doneRequired: false, thinkTags }).whole(body);
}
