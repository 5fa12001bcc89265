import type { FinishReason } from '../../../core/events.ts';

/**
 * `finishReason` of each of our reasons. An answer with function calls has simply stopped here.
 * @see https://ai.google.dev/api/generate-content#FinishReason (checked 2026-11-21)
 */
export const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  refusal: 'SAFETY',
  pause: 'OTHER',
  other: 'OTHER',
};

/** A refusal is one however it ended. */
export function finishReason(reason: FinishReason, refused: boolean): string {
  return FINISH_REASONS[refused ? 'refusal' : reason];
}
