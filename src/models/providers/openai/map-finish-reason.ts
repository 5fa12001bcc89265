import type { FinishReason } from '../../../core/events.ts';

const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
]);

/** `choices[].finish_reason` in our words; what is new is `other`. */
export function mapFinishReason(raw: string): FinishReason {
  return REASONS.get(raw) ?? 'other';
}
