import type { Operation } from '../../../core/call.ts';
import type { FinishReason, StreamEvent } from '../../../core/events.ts';

const GOOD_ENDS: ReadonlySet<FinishReason> = new Set(['stop', 'tool-calls']);

/** Operations whose answers are generated token by token, so that they may end too early. */
const GENERATED: ReadonlySet<Operation> = new Set(['chat', 'completion']);

/** Whether the answers of an operation say why they ended. */
export function isGenerated(operation: Operation): boolean {
  return GENERATED.has(operation);
}

/**
 * Whether an answer is one that may be given to somebody else: all of its choices came to their own end, none was
 * refused, and nothing in it was looked up by the provider, which would find other things tomorrow.
 */
export function isFaultless(events: readonly StreamEvent[]): boolean {
  const choices = new Set<number>();
  const ended = new Set<number>();
  for (const event of events) {
    if (event.type === 'refusal-delta' || event.type === 'error') return false;
    if (event.type === 'tool-call-start' && event.served) return false;
    if ('choice' in event) choices.add(event.choice);
    if (event.type !== 'finish') continue;
    if (!GOOD_ENDS.has(event.reason)) return false;
    ended.add(event.choice);
  }
  return ended.size > 0 && ended.size === choices.size;
}
