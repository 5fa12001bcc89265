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
