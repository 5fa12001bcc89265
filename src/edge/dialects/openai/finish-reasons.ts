import type { FinishReason } from '../../../core/events.ts';

/**
 * `finish_reason` of each of our reasons.
 * @see https://platform.openai.com/docs/api-reference/chat/object (checked 2026-11-21)
 */
export const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
  pause: 'stop',
  other: 'stop',
};

/** What an answer calls, in the form in which its client wants to read it. */
export type CallForm = 'tool_calls' | 'function_call';

/** Clients act on the reason alone, and some servers say "stop" after tool calls. */
export function finishReason(reason: FinishReason, called: boolean, form: CallForm): string {
  const said = FINISH_REASONS[reason];
  return said === FINISH_REASONS['tool-calls'] || (called && said === FINISH_REASONS.stop) ? form : said;
}
