import { isSecretName } from '../../core/redaction.ts';
import type { Span } from '../../core/secret-spans.ts';
import type { FieldSchema } from '../field-schema.ts';
import { FILE_SCHEMA } from '../schema.ts';
import { nearest } from '../suggest.ts';
import type { PlacedScalar } from './placed-scalars.ts';

const FIELDS = fieldsIn(FILE_SCHEMA, '');
/** Names of all fields that are secret somewhere. */
const SECRET_FIELDS = new Set(FIELDS.filter(({ isSecret }) => isSecret).map(({ name }) => name));
/** Fields that are a secret nowhere. */
const PLAIN_FIELDS = new Set(FIELDS.map(({ name }) => name).filter((name) => !SECRET_FIELDS.has(name)));
/** What others could be meant for: of a short word nearly every other short word would be. */
const LONG_SECRET_FIELDS = [...SECRET_FIELDS].filter(({ length }) => length > 4);

const LOOSE_NAMES = 'key|token|secret|passw|passphrase|pwd|credential|auth|cookie|bearer|signature|webhook';
const LOOSE_NAME = new RegExp(LOOSE_NAMES, 'i');
/** Digits of a number that may be a secret. */
const LONG_NUMBER = 6;

/** What has no field, or may have been read at the wrong one, is known by its name. */
export function isNamedSecret({ name, node, inHeaders }: PlacedScalar, isSound: boolean): boolean {
  const { value } = node;
  if (typeof value !== 'string') {
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    if (isSound || !isNumber || String(value).length < LONG_NUMBER) return false;
  }
  return isSecretName(name) || (!isSound && (inHeaders || isNearSecret(name)));
}

/** Of a key that is unknown, or may stand at the wrong place: more is taken for a secret rather than less. */
function isNearSecret(name: string): boolean {
  if (SECRET_FIELDS.has(name)) return true;
  if (PLAIN_FIELDS.has(name)) return false;
  return LOOSE_NAME.test(name) || nearest(name, LONG_SECRET_FIELDS) !== undefined;
}

function fieldsIn(schema: FieldSchema, name: string): { readonly name: string; readonly isSecret: boolean }[] {
  if (schema.writeOnly) return [{ name, isSecret: true }];
  const inside = [...(schema.anyOf ?? []), schema.items, schema.additionalProperties || undefined];
  const unnamed = inside.flatMap((one) => (one ? fieldsIn(one, name) : []));
  const named = Object.entries(schema.properties ?? {}).flatMap(([own, one]) => fieldsIn(one, own));
  return [{ name, isSecret: false }, ...unnamed, ...named];
}

const TO_LINE_END = new RegExp(`(?:${[...SECRET_FIELDS].join('|')}|headers)["']?[ \\t]*:[ \\t]*([^\\r\\n]+)`, 'g');
const VALUE = String.raw`((?:"[^"\r\n]+"|'[^'\r\n]+'|[^\s"',;{}[\]]{6,}))`;
const LOOSELY_NAMED = new RegExp(
  String.raw`(?:${LOOSE_NAMES})[\w-]{0,16}["']?[ \t]{0,8}[:=][ \t]{0,8}(?:(?:Bearer|Basic)[ \t]{1,8})?${VALUE}`,
  'gi',
);

/** In what is no YAML: whatever follows the name of a secret field on its line. */
export function namedInLines(text: string): Span[] {
  return lastGroups(text, TO_LINE_END);
}

/** In comments: what stands behind a name like that of a secret, and what looks like one. */
export function inComments(text: string): Span[] {
  return [...lastGroups(text, LOOSELY_NAMED), ...lookingLikeKeys(text)];
}

function lastGroups(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map(({ index, 0: all, 1: value = '' }) => {
    return { start: index + all.length - value.length, end: index + all.length };
  });
}

/** Large and small letters and digits in one word, or a long word of small letters and digits. */
function lookingLikeKeys(text: string): Span[] {
  return [...text.matchAll(/(?<![\w+/=~.@-])[A-Za-z\d][\w+/=~.-]{9,}/g)].flatMap(({ index, 0: word }) => {
    const isMixed = /\d/.test(word) && /[a-z]/.test(word) && /[A-Z]/.test(word);
    const isLong = /^[a-z\d]{20,}$/.test(word) && /\d/.test(word);
    return isMixed || isLong ? [{ start: index, end: index + word.length }] : [];
  });
}
