import type { Dialect } from '../../core/call.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import { type Message, type Part, asArray, fromMessage, partsOf, textPart } from './message-parts.ts';

export interface Input {
  /** Instructions that stand beside the messages. */
  readonly system: readonly Part[];
  readonly messages: readonly Message[];
}

/** What a client sent, in the form of the conventions. */
export function inputOf(dialect: Dialect, body: JsonObject): Input {
  switch (dialect) {
    case 'anthropic':
      return { system: partsOf(body['system']), messages: asArray(body['messages']).map(fromMessage) };
    case 'gemini':
      return {
        system: partsOf(systemOf(body)),
        messages: asArray(body['contents']).map(fromMessage),
      };
    case 'responses':
      return { system: partsOf(body['instructions']), messages: fromTexts(body['input']) };
    case 'openai':
    default:
      return {
        system: [],
        messages:
          body['messages'] === undefined ? fromTexts(body['prompt']) : asArray(body['messages']).map(fromMessage),
      };
  }
}

function systemOf(body: JsonObject): Json | undefined {
  const system = body['systemInstruction'] ?? body['system_instruction'];
  return isJsonObject(system) ? system['parts'] : system;
}

/** A prompt, several of them, or the items of the Responses API. */
function fromTexts(value: Json | undefined): Message[] {
  if (typeof value === 'string') return [{ role: 'user', parts: [textPart(value)] }];
  return asArray(value).map((item) => {
    const text = asString(item);
    return text === undefined ? fromMessage(item) : { role: 'user', parts: [textPart(text)] };
  });
}
