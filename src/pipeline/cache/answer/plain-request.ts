import type { Call } from '../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

const ROLES: ReadonlySet<unknown> = new Set(['system', 'user', 'assistant']);

/**
 * Whether a chat asks for a text and nothing else, at a glance: all of it can be said in no dialect, and nothing of it
 * makes an answer that its provider's own words alone can carry. Of all others it is not said what they are.
 */
export function isPlainRequest({ dialect, operation, body }: Pick<Call, 'dialect' | 'operation' | 'body'>): boolean {
  if (dialect !== 'openai' || operation !== 'chat') return false;
  const asked = body.resolved;
  for (const name in asked) if (!isPlainField(name, asked[name])) return false;
  return asked['messages'] !== undefined;
}

function isPlainField(name: string, value: Json | undefined): boolean {
  switch (name) {
    case 'messages':
      return Array.isArray(value) && value.length > 0 && value.every(isPlainMessage);
    case 'model':
      return typeof value === 'string';
    case 'stream':
      return typeof value === 'boolean';
    case 'stream_options':
      return isJsonObject(value) && isUsageFrame(value);
    case 'temperature':
    case 'top_p':
      return typeof value === 'number' && value >= 0 && value <= 1;
    case 'max_tokens':
    case 'max_completion_tokens':
      return Number.isSafeInteger(value) && Number(value) > 0;
    default:
      return false;
  }
}

function isPlainMessage(message: Json): boolean {
  if (!isJsonObject(message) || !ROLES.has(message['role'])) return false;
  for (const name in message) if (name !== 'role' && name !== 'content') return false;
  return typeof message['content'] === 'string' && message['content'] !== '';
}

function isUsageFrame(options: JsonObject): boolean {
  for (const name in options) if (name !== 'include_usage' || typeof options[name] !== 'boolean') return false;
  return true;
}
