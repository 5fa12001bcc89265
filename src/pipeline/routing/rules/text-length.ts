import { type Json, isJsonObject } from '../../../core/json.ts';
import { isFileBytes } from './file-bytes.ts';

/** What is nested deeper is not counted. */
const MOST_DEPTH = 64;

/** Members in which the dialects have what is said, or hold it. */
const SAID: ReadonlySet<string> = new Set([
  'content',
  'parts',
  'text',
  'output',
  'refusal',
  'thinking',
  'summary',
  'transcript',
  'tool_calls',
  'function',
  'custom',
  'function_call',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'code',
]);
/** Members whose values are the caller's tools' own: all that is in them counts, with its names. */
const OF_TOOLS: ReadonlySet<string> = new Set(['arguments', 'input', 'args', 'response']);

/** Characters that a conversation, a message or its parts say: texts, arguments and results of tools. */
export function textLength(value: Json | undefined, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return 0;
  let length = 0;
  if (Array.isArray(value)) {
    for (const item of value) length += textLength(item, depth + 1);
    return length;
  }
  for (const name in value) {
    if (SAID.has(name)) length += textLength(value[name], depth + 1);
    else if (OF_TOOLS.has(name)) length += wholeLength(value[name], depth + 1);
    else if (name === 'source') length += documentLength(value[name], depth + 1);
  }
  return length;
}

/** A document of Anthropic's that is text. */
function documentLength(source: Json | undefined, depth: number): number {
  if (!isJsonObject(source)) return 0;
  const { type, data, content } = source;
  return type === 'text' && typeof data === 'string' ? data.length : textLength(content, depth);
}

/** A text as it is, and whatever else as JSON, about. */
function wholeLength(value: Json | undefined, depth: number): number {
  if (typeof value === 'string') return isFileBytes(value) ? 0 : value.length;
  if (value === undefined || depth > MOST_DEPTH) return 0;
  if (typeof value !== 'object' || value === null) return String(value).length;
  let length = 0;
  if (Array.isArray(value)) {
    for (const item of value) length += wholeLength(item, depth + 1);
    return length;
  }
  if (!isJsonObject(value)) return length;
  for (const name in value) length += name.length + wholeLength(value[name], depth + 1);
  return length;
}
