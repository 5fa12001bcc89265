import type { Call } from '../../../../core/call.ts';
import type { StreamEvent } from '../../../../core/events.ts';
import type { ModelCatalog } from '../../../../models/catalog.ts';
import { EVENT_STREAM } from '../../answer/form.ts';
import { eventsIn } from '../../answer/provider-wire.ts';
import type { StoredAnswer } from '../../answer/stored-answer.ts';

/**
 * What an answer says, where it is one text and nothing else.
 * @returns undefined where it is more, or cannot be read
 */
export function textOf(catalog: ModelCatalog, call: Call, { content, target }: StoredAnswer): string | undefined {
  if (content.kind === 'events') return textIn(content.events);
  if (content.kind !== 'bytes' || content.contentType.startsWith(EVENT_STREAM)) return undefined;
  const events = eventsIn(catalog, call, target, content.body);
  return events && textIn(events);
}

/** Of one choice. What the model thought before it is not what it says. */
export function textIn(events: readonly StreamEvent[]): string | undefined {
  let text = '';
  for (const event of events) {
    if ('choice' in event && event.choice !== 0) return undefined;
    switch (event.type) {
      case 'text-delta':
        text += event.text;
        break;
      case 'tool-call-start':
      case 'refusal-delta':
      case 'other-content':
      case 'error':
        return undefined;
      case 'finish':
        if (event.reason !== 'stop') return undefined;
        break;
      default:
    }
  }
  return text.trim() === '' ? undefined : text;
}
