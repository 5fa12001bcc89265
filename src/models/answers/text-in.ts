import type { StreamEvent } from '../../core/events.ts';

/**
 * Of one choice. What the model thought before it is not what it says.
 * @param mayBeCut also where it was cut at its length
 */
export function textIn(events: readonly StreamEvent[], mayBeCut = false): string | undefined {
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
        if (event.reason !== 'stop' && !(mayBeCut && event.reason === 'length')) return undefined;
        break;
      default:
    }
  }
  return text.trim() === '' ? undefined : text;
}
