import type { Dialect, Operation } from '../../../core/call.ts';
import type { StreamReader, StreamReaderOptions, Wire } from '../provider.ts';
import { answerEvents } from './answer-events.ts';
import { FimSplitter } from './fim.ts';
import { fromResponse } from './from-response.ts';
import { mapError } from './map-error.ts';
import { MediaStreamReader } from './media-stream.ts';
import type { Quirks } from './quirks.ts';
import { responsesWire } from './responses/wire.ts';
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
    streamReader: (options) => readerOf(options, { doneRequired, thinkTags }),
    readWhole: fromResponse,
    // A completion says its text plainly, as its stream does.
    answerEvents: (body) => answerEvents(body, thinkTags && body['object'] !== 'text_completion'),
    readError: mapError,
  };
}

function readerOf({ hideUsageFrame, operation = 'chat' }: StreamReaderOptions, options: WireOptions): StreamReader {
  if (operation === 'chat') return new OpenAiStreamReader({ hideUsageFrame, ...options });
  if (operation === 'completion') return new OpenAiStreamReader({ ...options, hideUsageFrame, thinkTags: false });
  return new MediaStreamReader(operation);
}

/** Nobody bills moderation at OpenAI. @see https://platform.openai.com/docs/guides/moderation (checked 2026-11-21) */
function freeModeration(wire: Wire): Wire {
  return {
    ...wire,
    readWhole(operation, body) {
      const reading = wire.readWhole(operation, body);
      return operation === 'moderation' ? { ...reading, usage: { ...reading.usage, unbilled: true } } : reading;
    },
  };
}

/** OpenAI's own protocol: a stream without `[DONE]` was cut. */
export const openaiWire: Wire = freeModeration(openAiWire({ doneRequired: true }));

/** The protocol as other servers speak it: a stream is also complete once every answer has its finish reason. */
export const openaiCompatibleWire: Wire = openAiWire({ doneRequired: false });

/** Chat in any dialect, since it can be translated; everything else in OpenAI's own, as far as the server has it. */
export function serves(dialect: Dialect, operation: Operation, operations: readonly Operation[]): boolean {
  return operation === 'chat' || (dialect === 'openai' && operations.includes(operation));
}

/** The wire of each operation of a server; undefined where it does not serve it. */
export function wiresOf(
  wire: Wire,
  { operations, completions, responses }: Pick<Quirks, 'operations' | 'completions' | 'responses'>,
): (dialect: Dialect, operation: Operation) => Wire | undefined {
  const framing = { contentType: 'text/event-stream', splitter: () => new FimSplitter() };
  const completing = completions === 'fim' ? { ...wire, framing } : wire;
  return (dialect, operation) => {
    if (!serves(dialect, operation, operations)) return undefined;
    if (dialect === 'responses' && responses) return responsesWire;
    return operation === 'completion' ? completing : wire;
  };
}
