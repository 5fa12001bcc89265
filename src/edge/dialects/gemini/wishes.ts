import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { AnswerWishes } from '../dialect-adapter.ts';
import { member } from './names.ts';

/** Whether thoughts are to be shown. A stream of this dialect always says what was used. */
export function readWishes(body: JsonObject): AnswerWishes {
  const thinking = objectAt(objectAt(body, 'generationConfig'), 'thinkingConfig');
  const isShown = member(thinking, 'includeThoughts') === true;
  return { includeUsage: true, fields: {}, ...(isShown ? { reasoning: { display: 'summarized' } } : {}) };
}

function objectAt(parent: JsonObject, name: string): JsonObject {
  const value = member(parent, name);
  return isJsonObject(value) ? value : {};
}
