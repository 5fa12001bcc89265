import type { FinishReason } from '../../../core/events.ts';

export const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['pause_turn', 'pause'],
  ['refusal', 'refusal'],
]);

/** `stop_reason` in our words; what is new is `other`. */
export function mapFinishReason(raw: string): FinishReason {
  return REASONS.get(raw) ?? 'other';
}
