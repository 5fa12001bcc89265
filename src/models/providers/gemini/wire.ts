import type { Dialect, Operation } from '../../../core/call.ts';
import type { Wire } from '../provider.ts';
import { answerEvents } from './answer-events.ts';
import { fromResponse } from './from-response.ts';
import { mapError } from './map-error.ts';
import { GeminiStreamReader } from './stream.ts';

/** Google's `generateContent`. */
export const geminiWire: Wire = {
  dialect: 'gemini',
  streamReader: () => new GeminiStreamReader(),
  readWhole: fromResponse,
  answerEvents,
  readError: mapError,
};

/** Chat in any dialect, since it can be translated; counts of tokens in its own. */
export function serves(dialect: Dialect, operation: Operation): boolean {
  return operation === 'chat' || (operation === 'token-count' && dialect === 'gemini');
}
