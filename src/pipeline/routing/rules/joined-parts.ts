import { type Json, isJsonObject } from '../../../core/json.ts';

/** What is nested deeper is no message. */
const MOST_DEPTH = 64;

/** The texts of messages that have several, each message's joined, as models read them. */
export function joinedParts(value: Json | undefined): string[] {
  const found: string[] = [];
  collect(value, 0, found);
  return found;
}

function collect(value: Json | undefined, depth: number, found: string[]): void {
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return;
  if (!Array.isArray(value)) {
    for (const name in value) collect(value[name], depth + 1, found);
    return;
  }
  const texts: string[] = [];
  for (const item of value) {
    if (isJsonObject(item) && typeof item['text'] === 'string') texts.push(item['text']);
    collect(item, depth + 1, found);
  }
  if (texts.length > 1) found.push(texts.join(''));
}
