import type { Wire } from '../provider.ts';
import { fromResponse } from './from-response.ts';
import { mapError } from './map-error.ts';
import { OpenAiStreamReader } from './stream.ts';

function openAiWire(doneRequired: boolean): Wire {
  return {
    dialect: 'openai',
    streamReader: ({ hideUsageFrame }) => new OpenAiStreamReader({ hideUsageFrame, doneRequired }),
    readWhole: fromResponse,
    readError: mapError,
  };
}

/** OpenAI's own protocol: a stream without `[DONE]` was cut. */
export const openaiWire: Wire = openAiWire(true);

/** The protocol as other servers speak it: a stream is also complete once every answer has its finish reason. */
export const openaiCompatibleWire: Wire = openAiWire(false);
