import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { AnthropicStreamReader } from './stream.ts';

/** What a whole message says, as the events that a stream of it has. Long numbers stay where the body was parsed exactly. */
export function answerEvents(body: JsonObject): StreamEvent[] {
  return new AnthropicStreamReader().whole(body);
}
