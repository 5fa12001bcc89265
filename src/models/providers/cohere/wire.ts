import type { Wire } from '../provider.ts';
import { answerEvents } from './answer-events.ts';
import { fromResponse } from './from-response.ts';
import { mapError } from './map-error.ts';
import { CohereStreamReader } from './stream.ts';

/** Cohere's chat protocol, version 2. */
export const cohereWire: Wire = {
  dialect: 'cohere',
  streamReader: () => new CohereStreamReader(),
  readWhole: fromResponse,
  answerEvents,
  readError: mapError,
};
