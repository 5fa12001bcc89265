import type { FinishReason } from '../../../core/events.ts';

/** @see https://ai.google.dev/api/generate-content#FinishReason (read in the types of @google/genai 3.1.0, checked 2026-11-21) */
export const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  // Goes on where it is asked to with the token that came along.
  ['CONTINUATION', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
]);

/** The model wrote what Google could not read: there is no answer, though the status says so. */
export const FAILURES: ReadonlyMap<string, string> = new Map([
  ['MALFORMED_FUNCTION_CALL', 'The model made a function call that is not valid.'],
  ['UNEXPECTED_TOOL_CALL', 'The model called a tool that it was not given.'],
  ['TOO_MANY_TOOL_CALLS', 'The model called too many tools one after the other.'],
  ['MALFORMED_RESPONSE', "The model's answer is malformed."],
  ['MISSING_THOUGHT_SIGNATURE', 'A function call of the conversation has no thought signature.'],
]);

/** `finishReason` in our words; what is new is `other`. A model that calls functions stops too. */
export function mapFinishReason(raw: string, hasCalls: boolean): FinishReason {
  if (raw === 'STOP' && hasCalls) return 'tool-calls';
  return REASONS.get(raw) ?? 'other';
}
