import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import { type Message, fromMessage, partsOf, textPart } from './message-parts.ts';

export interface OutputMessage extends Message {
  readonly finish_reason: string;
}

/**
 * An answer, in the form of the conventions: what was put together of a stream, or the whole body in the dialect of
 * whoever wrote it, which need not be the client's. It is known by its shape.
 */
export function outputOf(output: Json, finishReason: string | undefined): OutputMessage[] {
  const ended = finishReason ?? '';
  return messagesOf(output).map(({ message, reason }) => ({
    role: 'assistant',
    parts: message.parts,
    finish_reason: reason ?? ended,
  }));
}

interface Said {
  readonly message: Message;
  readonly reason?: string | undefined;
}

function messagesOf(output: Json): Said[] {
  if (Array.isArray(output)) return output.map((one) => ({ message: fromMessage(one) }));
  if (!isJsonObject(output)) return [];
  const { choices, candidates, content, output: items } = output;
  if (Array.isArray(choices)) return choices.map(fromChoice);
  if (Array.isArray(candidates)) return candidates.map(fromCandidate);
  if (Array.isArray(items)) return joined(items.map(fromMessage));
  if (isJsonObject(items)) return [{ message: fromMessage(items['message']) }];
  if (Array.isArray(content)) return [{ message: { role: 'assistant', parts: partsOf(content) } }];
  return isJsonObject(output['message']) ? [{ message: fromMessage(output['message']) }] : [];
}

function fromChoice(value: Json): Said {
  const choice: JsonObject = isJsonObject(value) ? value : {};
  const reason = asString(choice['finish_reason']);
  const text = asString(choice['text']);
  if (text !== undefined) return { message: { role: 'assistant', parts: [textPart(text)] }, reason };
  return { message: fromMessage(choice['message']), reason };
}

function fromCandidate(value: Json): Said {
  const content = isJsonObject(value) ? value['content'] : undefined;
  return { message: fromMessage(content) };
}

/** The items of one answer of the Responses API are one message. */
function joined(messages: readonly Message[]): Said[] {
  return [{ message: { role: 'assistant', parts: messages.flatMap(({ parts }) => parts) } }];
}

/** Whether there is anything to say of it. */
export function hasParts(messages: readonly Message[]): boolean {
  return messages.some(({ parts }) => parts.length > 0);
}
