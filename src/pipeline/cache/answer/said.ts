import type { Call, Dialect } from '../../../core/call.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { Json } from '../../../core/json.ts';
import { KNOWN_IN_WHOLE } from './known-members.ts';
import { fits } from './members.ts';

/** Whether an answer that is written anew from its events says all that this one in one piece says. */
export function isSaidInEvents({ dialect }: Call, whole: Json, events: readonly StreamEvent[]): boolean {
  return (
    !events.some(({ type }) => type === 'other-content') &&
    endsAsSaid(dialect, events) &&
    fits(whole, KNOWN_IN_WHOLE[dialect])
  );
}

/** How providers say that an answer came to its own end, where our encoders say it in the same word. */
const SAME_WORDS: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  openai: new Set(['stop', 'tool_calls', 'function_call']),
  anthropic: new Set(['end_turn', 'tool_use']),
  gemini: new Set(['STOP']),
  responses: new Set(['completed']),
};

/**
 * Whether the reasons why it ended would be the same in other words: not where it met a stop sequence, which our words
 * do not name, nor where it says that it stopped after calls, which is written as what it is.
 */
export function endsAsSaid(dialect: Dialect, events: readonly StreamEvent[]): boolean {
  const calling = new Set<number>();
  for (const event of events) {
    if (event.type === 'tool-call-start') calling.add(event.choice);
    if (event.type !== 'finish') continue;
    if (event.raw !== undefined && !SAME_WORDS[dialect].has(event.raw)) return false;
    if (event.reason === 'stop' && calling.has(event.choice)) return false;
  }
  return true;
}
