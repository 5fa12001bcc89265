import type { FinishReason } from '../../../core/events.ts';

/**
 * `incomplete_details.reason` of each of our reasons; null where the response is complete.
 * @see https://platform.openai.com/docs/api-reference/responses/object (checked 2026-11-21)
 */
const INCOMPLETE: Readonly<Record<FinishReason, 'max_output_tokens' | 'content_filter' | null>> = {
  stop: null,
  length: 'max_output_tokens',
  'tool-calls': null,
  'content-filter': 'content_filter',
  refusal: 'content_filter',
  pause: null,
  other: null,
};

/** Why a response is incomplete; null where it is not. One that says itself that it refuses is complete. */
export function incompleteReason(reason: FinishReason | undefined, refused: boolean): string | null {
  return refused && reason === 'refusal' ? null : INCOMPLETE[reason ?? 'other'];
}

/** How each reason reads, for documents. */
export const STATUSES: Readonly<Record<FinishReason, string>> = Object.fromEntries(
  Object.entries(INCOMPLETE).map(([reason, cut]) => [reason, cut === null ? 'completed' : `incomplete: ${cut}`]),
) as Record<FinishReason, string>;
