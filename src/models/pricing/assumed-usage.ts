import type { Usage } from '../../core/usage.ts';

const BYTES_PER_TOKEN = 4;

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
