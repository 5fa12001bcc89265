import type { JsonObject } from '../../core/json.ts';
import type { Usage } from '../../core/usage.ts';

/** About, of text in any language. */
export const BYTES_PER_TOKEN = 4;

/** What a request for speech has spoken, where nobody reported it: the characters of its text. */
export function spokenUsage({ input }: JsonObject): Usage | undefined {
  return typeof input === 'string' ? { characters: Array.from(input).length } : undefined;
}

/**
 * The usage to book where a provider was asked and reported none: about four bytes a token.
 * It is marked `assumed` wherever it shows.
 */
export function assumedUsage(requestBytes: number, answerBytes: number): Usage {
  return {
    inputTokens: Math.ceil(requestBytes / BYTES_PER_TOKEN),
    outputTokens: Math.ceil(answerBytes / BYTES_PER_TOKEN),
  };
}
