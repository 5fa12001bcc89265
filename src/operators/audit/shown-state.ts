import { type Json, type JsonObject, isJsonObject, parseJson } from '../../core/json.ts';
import { REDACTED, isSecretName, redactSecrets } from '../../core/redaction.ts';
import { storableJson } from '../../storage/database/storable.ts';

/** Of one state of one thing. */
const MOST_BYTES = 65_536;
const REVIEWS = /^\/admin\/v1\/reviews(?:\/|$)/;
/** What clients and models said; a review keeps it sealed. */
const REVIEW_TEXTS = new Set(['request', 'held', 'edit', 'answer']);
/** An API key is shown once, under this name; ids of keys stand there, too. */
const KEY_NAMES = /^(?:key|token)$/i;
const KEY_ID = /^key_[\da-f]+$/;

/** What a configuration says is long, and what of it was changed is in the answer to the change. */
const CONFIG = '/admin/v1/config';
const OF_CONFIG = new Set(['path', 'exists', 'version']);

/** A state of something as the audit log keeps it: without secrets, without what people wrote, and not too long. */
export function shownState(text: string | undefined, route: string): Json {
  if (text === undefined || text === '') return null;
  const value = parseJson(text);
  if (value === undefined) return { left_out: 'no JSON' };
  const kept = redactSecrets(storableJson(withoutSecrets(told(value, route))));
  const bytes = Buffer.byteLength(kept);
  return bytes > MOST_BYTES ? { left_out: `${bytes} bytes, which is more than is kept` } : (parseJson(kept) ?? null);
}

/** What of it may be told, and is worth it. */
function told(value: Json, route: string): Json {
  if (!isJsonObject(value)) return value;
  if (REVIEWS.test(route)) return only(value, (name) => !REVIEW_TEXTS.has(name));
  return route === CONFIG && 'effective' in value ? only(value, (name) => OF_CONFIG.has(name)) : value;
}

function only(value: JsonObject, isKept: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => isKept(name)));
}

function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(([name, member = null]) => [
    name,
    isSecret(name, member) ? REDACTED : withoutSecrets(member),
  ]);
  return Object.fromEntries(members) as Json;
}

function isSecret(name: string, value: Json): boolean {
  if (isSecretName(name)) return value !== null;
  return typeof value === 'string' && KEY_NAMES.test(name) && !KEY_ID.test(value);
}
