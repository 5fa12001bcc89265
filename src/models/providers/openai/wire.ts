import type { Dialect, Operation } from '../../../core/call.ts';
import type { Wire } from '../provider.ts';
import { answerEvents } from './answer-events.ts';
import { fromResponse } from './from-response.ts';
import { mapError } from './map-error.ts';
import { OpenAiStreamReader } from './stream.ts';

interface WireOptions {
  /** Whether a stream is complete only with `[DONE]`. */
  readonly doneRequired: boolean;
  /** Texts begin with `<think>…</think>`. */
  readonly thinkTags?: boolean;
}

export function openAiWire({ doneRequired, thinkTags = false }: WireOptions): Wire {
  return {
    dialect: 'openai',
    streamReader: ({ hideUsageFrame }) => new OpenAiStreamReader({ hideUsageFrame, doneRequired, thinkTags }),
    readWhole: fromResponse,
    answerEvents: (body) => answerEvents(body, thinkTags),
    readError: mapError,
  };
}

/** OpenAI's own protocol: a stream without `[DONE]` was cut. */
export const openaiWire: Wire = openAiWire({ doneRequired: true });

/** The protocol as other servers speak it: a stream is also complete once every answer has its finish reason. */
export const openaiCompatibleWire: Wire = openAiWire({ doneRequired: false });

/** Chat in any dialect, since it can be translated; everything else in OpenAI's own. */
export function serves(dialect: Dialect, operation: Operation): boolean {
  return operation === 'chat' || (operation === 'embeddings' && dialect === 'openai');
}
