import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { AnswerReader } from './answer-reader.ts';
import { idOf, wholeItem } from './encode-item.ts';
import type { EndedItem, Item, ItemSink } from './item-sequence.ts';

/**
 * A response in one piece.
 * @see https://platform.openai.com/docs/api-reference/responses/object (checked 2026-11-21)
 */
export function encodeAnswer(events: readonly StreamEvent[], context: AnswerContext): JsonObject {
  const output: JsonObject[] = [];
  const sink: ItemSink = {
    open: () => undefined,
    fill: () => undefined,
    close(at: number, item: Item, ended: EndedItem) {
      const isCut = answer.incompleteReason !== null;
      output.push(wholeItem(item, idOf(item, context.requestId, at), ended, isCut));
    },
  };
  const answer = new AnswerReader(context, sink);
  for (const event of events) answer.read(event);
  answer.end();
  return answer.ended(output);
}
