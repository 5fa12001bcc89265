import type { ErrorCode } from '../../../core/errors.ts';
import type { FinishReason } from '../../../core/events.ts';

/**
 * `choices[].finish_reason` of OpenAI, and after it the words of other servers.
 * @see https://platform.openai.com/docs/api-reference/chat/object (checked 2026-11-21)
 */
export const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
  // Together, TGI
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  ['stop_sequence', 'stop'],
  // xAI
  ['end_turn', 'stop'],
  ['max_tokens', 'length'],
  // Mistral
  ['model_length', 'length'],
  // Zhipu
  ['model_context_window_exceeded', 'length'],
  ['sensitive', 'content-filter'],
  // vLLM: it was stopped since it began to say the same again and again
  ['repetition', 'length'],
]);

/** Words by which a server says that it did not finish: the answer was cut, and is no answer. */
export const FAILURES: ReadonlyMap<string, ErrorCode> = new Map([
  // DeepSeek
  ['insufficient_system_resource', 'provider_overloaded'],
  // Zhipu
  ['network_error', 'provider_error'],
  // Mistral, OpenRouter, vLLM
  ['error', 'provider_error'],
  // vLLM, SGLang
  ['abort', 'provider_error'],
]);

/** `choices[].finish_reason` in our words; what is new is `other`. */
export function mapFinishReason(raw: string): FinishReason {
  return REASONS.get(raw) ?? 'other';
}

/** The error that a `finish_reason` stands for, where it does. */
export function failureOf(raw: string): ErrorCode | undefined {
  return FAILURES.get(raw);
}
