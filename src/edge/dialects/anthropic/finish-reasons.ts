import type { FinishReason } from '../../../core/events.ts';

/**
 * `stop_reason` of each of our reasons. Which stop sequence was met is not known of other providers, so that a stop
 * there is an `end_turn`.
 * @see https://docs.anthropic.com/en/api/handling-stop-reasons (checked 2026-11-21)
 */
export const STOP_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
  pause: 'pause_turn',
  other: 'end_turn',
};

/** What else an answer is, besides why it ended. */
interface AnswerTraits {
  readonly refused: boolean;
  readonly calledTools: boolean;
}

/** A refusal is one however it ended, and some servers say "stop" after tool calls; clients act on the reason alone. */
export function stopReason(reason: FinishReason | undefined, { refused, calledTools }: AnswerTraits): string {
  if (refused) return STOP_REASONS.refusal;
  const said = STOP_REASONS[reason ?? 'other'];
  return calledTools && said === STOP_REASONS.stop ? STOP_REASONS['tool-calls'] : said;
}
