import type { StreamEvent } from '../../../core/events.ts';
import type { StreamItem } from '../../../core/reply.ts';

/** What an item and an event take in memory beside their texts, about. */
const ITEM_BYTES = 200;
const EVENT_BYTES = 100;

/** About how much memory an item takes, in bytes. */
export function sizeOf({ bytes, events }: StreamItem): number {
  let size = ITEM_BYTES + (bytes?.byteLength ?? 0);
  for (const event of events) size += EVENT_BYTES + 2 * textLength(event);
  return size;
}

function textLength(event: StreamEvent): number {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'refusal-delta':
      return event.text.length;
    case 'reasoning-signature':
      return event.signature.length;
    case 'tool-call-delta':
      return event.argumentsText.length;
    default:
      return 0;
  }
}
