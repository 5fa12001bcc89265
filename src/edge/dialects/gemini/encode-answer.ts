import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { AnswerParts, candidate } from './answer-parts.ts';

/**
 * A GenerateContentResponse in one piece: what the chunks of a stream add up to.
 * @see https://ai.google.dev/api/generate-content#generatecontentresponse (checked 2026-11-21)
 */
export function encodeAnswer(events: readonly StreamEvent[], context: AnswerContext): JsonObject {
  const whole = new Map<number, JsonObject[]>();
  const answer = new AnswerParts(context, (index, part) => {
    const parts = whole.get(index) ?? [];
    whole.set(index, parts);
    addPart(parts, part);
  });
  for (const event of events) answer.read(event);
  const candidates = answer.end().map(({ index, part, finishReason }) => {
    const parts = whole.get(index) ?? [];
    if (parts.length === 0 || part['thoughtSignature'] !== undefined) parts.push(part);
    return candidate(index, parts, { finishReason });
  });
  return { candidates, ...answer.usage, ...answer.foot };
}

/** Pieces of one text are one part. The signature of a text stands before it, and that of a thought behind it. */
function addPart(parts: JsonObject[], part: JsonObject): void {
  const last = parts.at(-1);
  if (last && continues(last, part)) parts[parts.length - 1] = { ...last, ...part, text: joined(last, part) };
  else parts.push(part);
}

function continues(last: JsonObject, part: JsonObject): boolean {
  if (typeof last['text'] !== 'string' || typeof part['text'] !== 'string') return false;
  if (last['thought'] !== part['thought']) return false;
  return (part['thought'] ? last : part)['thoughtSignature'] === undefined;
}

function joined(last: JsonObject, part: JsonObject): string {
  return `${last['text'] as string}${part['text'] as string}`;
}
