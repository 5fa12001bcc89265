import type { FinishReason } from '../../../core/events.ts';

const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
};

/** `choices[].finish_reason` in our words; what is new is `other`. */
export function mapFinishReason(raw: string): FinishReason {
  return REASONS[raw] ?? 'other';
}
