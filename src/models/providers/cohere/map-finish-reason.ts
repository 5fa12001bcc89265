import type { ErrorCode } from '../../../core/errors.ts';
import type { FinishReason } from '../../../core/events.ts';

/** @see https://docs.cohere.com/reference/chat (`finish_reason`; read in cohere-ai 8.1.0, checked 2026-11-21) */
export const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['COMPLETE', 'stop'],
  ['STOP_SEQUENCE', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['TOOL_CALL', 'tool-calls'],
]);

/** Words by which Cohere says that it did not finish: the answer was cut, and is no answer. */
export const FAILURES: ReadonlyMap<string, ErrorCode> = new Map([
  ['ERROR', 'provider_error'],
  ['TIMEOUT', 'provider_timeout'],
]);

/** `finish_reason` in our words; what is new is `other`. */
export function mapFinishReason(raw: string): FinishReason {
  return REASONS.get(raw) ?? 'other';
}
