import type { Wire } from '../../provider.ts';
import { mapError } from '../map-error.ts';
import { fromResponse } from './from-response.ts';
import { ResponsesStreamReader } from './stream.ts';

/** OpenAI's responses, of servers that keep them: a client of that dialect is relayed. */
export const responsesWire: Wire = {
  dialect: 'responses',
  streamReader: () => new ResponsesStreamReader(),
  readWhole: (_operation, body) => fromResponse(body),
  answerEvents: (body) => new ResponsesStreamReader().whole(body),
  readError: (status, headers, body) => mapError(status, headers, body, 'responses'),
};
