import type { FinishReason, StreamEvent } from '../../../core/events.ts';

/** One answer to a request. */
export interface SaidChoice {
  readonly text: string;
  /** Undefined where the model did not say. */
  readonly finish: FinishReason | undefined;
  /** It is not an answer in text: it calls tools, refuses, or was stopped by a filter. */
  readonly isOther: boolean;
}

interface Growing {
  text: string;
  finish: FinishReason | undefined;
  isOther: boolean;
}

/** The answers in events, by their numbers. What a model thought before is not in them. */
export function choicesIn(events: readonly StreamEvent[]): readonly SaidChoice[] {
  const choices = new Map<number, Growing>();
  for (const event of events) {
    if (!('choice' in event)) continue;
    const choice = choices.get(event.choice) ?? { text: '', finish: undefined, isOther: false };
    choices.set(event.choice, choice);
    if (event.type === 'text-delta') choice.text += event.text;
    else if (event.type === 'finish') {
      choice.finish = event.reason;
      choice.isOther ||= event.reason !== 'stop' && event.reason !== 'length';
    } else if (event.type === 'refusal-delta' || (event.type === 'tool-call-start' && !event.served)) {
      choice.isOther = true;
    }
  }
  return [...choices.values()];
}
