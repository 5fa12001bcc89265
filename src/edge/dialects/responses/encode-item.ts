import { itemId } from '../../../core/inference/response-ids.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { EndedItem, Item } from './item-sequence.ts';
import { sealReasoning } from './sealed-reasoning.ts';

const ID_PREFIXES: Readonly<Record<Item['type'], string>> = { message: 'msg', reasoning: 'rs', function_call: 'fc' };

/** Made of the request's id and the item's place, so that whoever has an item's id can find its response. */
export function idOf({ type }: Item, requestId: string, at: number): string {
  return itemId(ID_PREFIXES[type], requestId, at);
}

/** An item as it begins. */
export function openItem(item: Item, id: string): JsonObject {
  switch (item.type) {
    case 'message':
      return { id, type: 'message', status: 'in_progress', content: [], role: 'assistant' };
    case 'reasoning':
      return { id, type: 'reasoning', summary: [] };
    default:
      return callItem(item, id, { status: 'in_progress', text: '' });
  }
}

/** An item in one piece. */
export function wholeItem(item: Item, id: string, ended: EndedItem, isCut: boolean): JsonObject {
  const status = isCut && ended.isLast ? 'incomplete' : 'completed';
  const { text, signature } = ended;
  switch (item.type) {
    case 'message':
      return { id, type: 'message', status, content: [contentPart(item.part, text)], role: 'assistant' };
    case 'reasoning':
      return {
        id,
        type: 'reasoning',
        encrypted_content: sealReasoning({
          ...(signature === undefined ? {} : { signature }),
          ...(item.redacted === undefined ? {} : { redacted: item.redacted }),
        }),
        summary: text === '' ? [] : [summaryPart(text)],
      };
    default:
      return callItem(item, id, { status, text });
  }
}

export function contentPart(type: 'output_text' | 'refusal', text: string): JsonObject {
  return type === 'refusal' ? { type, refusal: text } : { type, annotations: [], logprobs: [], text };
}

export function summaryPart(text: string): JsonObject {
  return { type: 'summary_text', text };
}

function callItem(
  { callId, name }: Extract<Item, { type: 'function_call' }>,
  id: string,
  { status, text }: { readonly status: string; readonly text: string },
): JsonObject {
  return { id, type: 'function_call', status, arguments: text, call_id: callId, name };
}
