import type { Call } from '../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject, parseJson } from '../../../core/json.ts';
import { FOUND } from './sources.ts';

/**
 * Whether a whole answer is the common one, at a glance: one text that came to its own end, and nothing beside it that
 * would have to be looked at. Of all others it is not said what they are.
 */
export function isPlainAnswer({ dialect, operation }: Pick<Call, 'dialect' | 'operation'>, body: Buffer): boolean {
  if (dialect !== 'openai' || operation !== 'chat') return false;
  const answer = parseJson(body.toString('utf8'));
  if (!isJsonObject(answer)) return false;
  for (const name in answer) {
    const value = answer[name];
    if (name === 'choices') {
      if (!Array.isArray(value) || value.length !== 1 || !isPlainChoice(value[0])) return false;
    } else if (name === 'usage') {
      if (!isCounts(value)) return false;
    } else if (name === 'error' ? value !== null : !isScalar(value)) return false;
  }
  return answer['choices'] !== undefined;
}

function isPlainChoice(choice: Json | undefined): boolean {
  if (!isJsonObject(choice) || choice['finish_reason'] !== 'stop') return false;
  for (const name in choice) {
    const value = choice[name];
    if (name === 'message') {
      if (!isJsonObject(value) || !isPlainMessage(value)) return false;
    } else if (name === 'index' ? typeof value !== 'number' : name !== 'finish_reason' && value !== null) return false;
  }
  return choice['message'] !== undefined;
}

function isPlainMessage(message: JsonObject): boolean {
  for (const name in message) {
    const value = message[name];
    if (name === 'role' || name === 'content') {
      if (typeof value !== 'string') return false;
    } else if (value !== null && !(Array.isArray(value) && value.length === 0)) return false;
  }
  return true;
}

function isScalar(value: Json | undefined): boolean {
  return typeof value !== 'object' || value === null;
}

/** Numbers, and objects of numbers. */
function isCounts(value: Json | undefined): boolean {
  if (typeof value === 'number' || value === null) return true;
  if (!isJsonObject(value)) return false;
  for (const name in value) if (FOUND.includes(name) || !isCounts(value[name])) return false;
  return true;
}
