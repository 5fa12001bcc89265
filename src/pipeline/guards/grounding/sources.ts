import { type Json, isJsonObject, parseJson } from '../../../core/json.ts';
import type { TextSlot } from '../slots/slot.ts';

/** What tools and searches brought in a request: what its answer should say. Empty where they brought nothing. */
export function sourcesOf(slots: readonly TextSlot[]): readonly string[] {
  return slots
    .filter(({ place }) => place === 'tool-results' || place === 'retrieved')
    .map(({ text, encoding }) => (encoding === 'json' ? textsIn(text) : text))
    .filter((text) => text.trim() !== '');
}

/** The names, texts and numbers of JSON, one a line; what is no JSON as it is. */
function textsIn(text: string): string {
  const json = parseJson(text);
  if (json === undefined) return text;
  const lines: string[] = [];
  // From the end to the beginning, since what waits is taken from its end.
  const waiting: (readonly [name: string, value: Json | undefined])[] = [['', json]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [name, value] = next;
    if (Array.isArray(value)) for (const one of value.toReversed()) waiting.push([name, one]);
    else if (isJsonObject(value)) for (const entry of Object.entries(value).toReversed()) waiting.push(entry);
    else if (value !== null && value !== undefined) lines.push(name === '' ? String(value) : `${name}: ${value}`);
  }
  return lines.join('\n');
}
