import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { AnswerWishes } from '../dialect-adapter.ts';

/** `stream_options.include_usage`, and whether calls are asked for in the form before `tools`. */
export function readWishes({ stream, stream_options: options, functions }: JsonObject): AnswerWishes {
  return {
    includeUsage: stream === true && isJsonObject(options) && options['include_usage'] === true,
    fields: Array.isArray(functions) ? { tools: 'functions' } : {},
  };
}
