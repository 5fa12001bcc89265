import type { StreamEvent } from '../../../core/events.ts';
import { type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import type { TextPlace } from '../../transport/frame-shape.ts';

const CONTENT = placeIn('delta', 'content');
const COMPLETION = placeIn('text');
const REASONING_CONTENT = placeIn('delta', 'reasoning_content');
const REASONING = placeIn('delta', 'reasoning');
const ARGUMENTS = placeIn('delta', 'tool_calls', 0, 'function', 'arguments');

/**
 * Of the only choice. The id is read of the first chunk alone, and is another one in each stream; some servers date each
 * chunk, and OpenAI fills chunks up so that their length says nothing.
 */
function placeIn(...path: (string | number)[]): TextPlace {
  return { path: ['choices', 0, ...path], ignored: ['id', 'created', 'obfuscation'] };
}

/** Where a chunk says its text, if it has one choice and this event is all that it says. */
export function textPlaceOf(chunk: JsonObject, events: readonly StreamEvent[]): TextPlace | undefined {
  const [event] = events;
  const { choices } = chunk;
  if (!event || events.length !== 1 || !Array.isArray(choices) || choices.length !== 1) return undefined;
  const [choice] = choices;
  return isJsonObject(choice) ? placeOf(choice, event) : undefined;
}

/** Of a text with tags in it some may be held back, and then the event does not say what stands there. */
function placeOf(choice: JsonObject, event: StreamEvent): TextPlace | undefined {
  const { delta, message } = choice;
  switch (event.type) {
    case 'text-delta':
      if (isJsonObject(delta)) return delta['content'] === event.text ? CONTENT : undefined;
      return !delta && !message && choice['text'] === event.text ? COMPLETION : undefined;
    case 'reasoning-delta':
      return isJsonObject(delta) ? reasoningPlace(delta, event.text) : undefined;
    case 'tool-call-delta':
      return isJsonObject(delta) && firstArguments(delta) === event.argumentsText ? ARGUMENTS : undefined;
    default:
      return undefined;
  }
}

/** Where one name is empty, what another one says counts. */
function reasoningPlace(delta: JsonObject, text: string): TextPlace | undefined {
  const { reasoning_content: content, reasoning, reasoning_details: details } = delta;
  if (details) return undefined;
  if (!reasoning && content === text) return REASONING_CONTENT;
  return !content && reasoning === text ? REASONING : undefined;
}

function firstArguments({ tool_calls: calls }: JsonObject): string | undefined {
  const [call] = Array.isArray(calls) && calls.length === 1 ? calls : [];
  const fn = isJsonObject(call) ? call['function'] : undefined;
  return isJsonObject(fn) ? asString(fn['arguments']) : undefined;
}
