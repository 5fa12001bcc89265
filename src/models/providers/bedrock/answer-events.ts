import type { StreamEvent } from '../../../core/events.ts';
import { type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { contentOf } from './from-response.ts';
import { mapUsage } from './map-usage.ts';
import { callStart, finishOf, reasoningEvents } from './stream.ts';

const OTHER: StreamEvent = { type: 'other-content', choice: 0 };

/** What a whole answer says, as the events that a stream of it has. Long numbers stay where the body was parsed exactly. */
export function answerEvents(body: JsonObject): StreamEvent[] {
  const usage = mapUsage(body);
  return [
    { type: 'message-start' },
    ...(contentOf(body) ?? []).flatMap((block, index) => blockEvents(index, block)),
    finishOf(body),
    ...(usage ? [{ type: 'usage' as const, usage }] : []),
    { type: 'end' },
  ];
}

function blockEvents(index: number, block: JsonObject): StreamEvent[] {
  const { toolUse, reasoningContent, citationsContent } = block;
  if (isJsonObject(toolUse)) return callEvents(index, toolUse);
  if (isJsonObject(reasoningContent)) {
    const { reasoningText } = reasoningContent;
    return reasoningEvents(index, reasoningContent, isJsonObject(reasoningText) ? reasoningText : {});
  }
  if (isJsonObject(citationsContent)) return [...citedText(index, citationsContent), OTHER];
  return typeof block['text'] === 'string' ? textEvents(index, block) : [OTHER];
}

function callEvents(index: number, toolUse: JsonObject): StreamEvent[] {
  const argumentsText = JSON.stringify(toolUse['input'] ?? {});
  return [
    callStart(index, toolUse),
    { type: 'tool-call-delta', choice: 0, index, argumentsText },
    { type: 'tool-call-end', choice: 0, index },
  ];
}

function citedText(index: number, { content }: JsonObject): StreamEvent[] {
  const parts = Array.isArray(content) ? content.filter(isJsonObject) : [];
  return parts.flatMap((part) => textEvents(index, part));
}

function textEvents(index: number, block: JsonObject): StreamEvent[] {
  const text = asString(block['text']);
  return text ? [{ type: 'text-delta', choice: 0, index, text }] : [];
}
