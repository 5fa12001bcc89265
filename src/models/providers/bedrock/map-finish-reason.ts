import type { FinishReason } from '../../../core/events.ts';

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (`stopReason`; checked 2026-11-21 in the types of @aws-sdk/client-bedrock-runtime 3.1163) */
export const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['guardrail_intervened', 'content-filter'],
  ['content_filtered', 'content-filter'],
  // Not in Amazon's list: what models of Anthropic say besides.
  ['refusal', 'refusal'],
  ['pause_turn', 'pause'],
]);

/** `stopReason` in our words; what is new, or says that the model's output was malformed, is `other`. */
export function mapFinishReason(raw: string): FinishReason {
  return REASONS.get(raw) ?? 'other';
}
