import type { Wire } from '../provider.ts';
import { answerEvents } from './answer-events.ts';
import { EVENT_STREAM, EventStreamSplitter } from './event-stream.ts';
import { fromResponse } from './from-response.ts';
import { mapError } from './map-error.ts';
import { ConverseStreamReader } from './stream.ts';

/** Bedrock's Converse: JSON bodies, and streams in the binary frames of AWS. */
export const converseWire: Wire = {
  dialect: 'converse',
  framing: { contentType: EVENT_STREAM, splitter: () => new EventStreamSplitter() },
  streamReader: () => new ConverseStreamReader(),
  readWhole: fromResponse,
  answerEvents,
  readError: mapError,
};
