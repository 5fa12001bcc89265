import type { Dialect, Operation } from '../../../core/call.ts';
import type { Wire } from '../provider.ts';
import { answerEvents } from './answer-events.ts';
import { fromResponse } from './from-response.ts';
import { mapError } from './map-error.ts';
import { AnthropicStreamReader } from './stream.ts';

/** Anthropic's messages protocol. */
export const anthropicWire: Wire = {
  dialect: 'anthropic',
  streamReader: () => new AnthropicStreamReader(),
  readWhole: fromResponse,
  answerEvents,
  readError: mapError,
};

/** Chat in any dialect, since it can be translated; counts of tokens in its own. */
export function serves(dialect: Dialect, operation: Operation): boolean {
  return operation === 'chat' || (operation === 'token-count' && dialect === 'anthropic');
}
