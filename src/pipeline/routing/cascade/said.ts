import type { StreamEvent } from '../../../core/events.ts';
import { isJsonObject, parseJson } from '../../../core/json.ts';

/** What an answer says, as far as a check looks at it. */
export interface Said {
  /** What the model thought before is not in it. */
  readonly text: string;
  /** The arguments of each tool call, as JSON text. */
  readonly calls: readonly string[];
  /** The model, or a filter, did not want to answer. */
  readonly isRefused: boolean;
}

/** Of the first choice; others are not there where a cascade is. */
export function saidIn(events: readonly StreamEvent[]): Said {
  let text = '';
  let isRefused = false;
  const calls = new Map<number, string>();
  for (const event of events) {
    switch (event.type) {
      case 'text-delta':
        text += event.text;
        break;
      case 'tool-call-start':
        if (!event.served) calls.set(event.index, '');
        break;
      case 'tool-call-delta': {
        const before = calls.get(event.index);
        if (before !== undefined) calls.set(event.index, before + event.argumentsText);
        break;
      }
      case 'refusal-delta':
        isRefused = true;
        break;
      case 'finish':
        isRefused ||= event.reason === 'refusal' || event.reason === 'content-filter';
        break;
      default:
    }
  }
  return { text, calls: [...calls.values()], isRefused };
}

/**
 * What an answer's form says already, 0 or 1: one that refuses or says nothing is none, and one with tool calls is good
 * if their arguments can be read, since there is no text to look at. Undefined where it is a text.
 */
export function formConfidence({ text, calls, isRefused }: Said): number | undefined {
  if (isRefused) return 0;
  if (calls.length > 0) return calls.every(isArguments) ? 1 : 0;
  return text.trim() === '' ? 0 : undefined;
}

/** No arguments are written as nothing by some models. */
function isArguments(text: string): boolean {
  return text.trim() === '' || isJsonObject(parseJson(text));
}
