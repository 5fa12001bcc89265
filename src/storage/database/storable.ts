import type { Json } from '../../core/json.ts';

/** Beyond this the columns of times have no dates that a client can read back. */
export const LATEST_MS = Date.UTC(9999, 11, 31);

/** PostgreSQL stores no NUL in text or jsonb, and no half of a surrogate pair in jsonb. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** What JSON text must contain to be refused by jsonb: both are written as escapes there. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/** JSON text that jsonb takes, keys included; what cannot be stored becomes U+FFFD. */
export function storableJson(value: Json): string {
  const text = JSON.stringify(value);
  return SUSPICIOUS.test(text) ? JSON.stringify(storable(value)) : text;
}

function storable(value: Json): Json {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, member]) => [
    storableText(key),
    member === undefined ? undefined : storable(member),
  ]);
  return Object.fromEntries(entries) as Json;
}
