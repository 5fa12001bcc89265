import type { Json } from '../json.ts';

/** A number that a double may not hold: many digits, or an exponent. */
const LONG_NUMBER = /\d[\d.]{15}|\d[eE]/;

interface SourceContext {
  readonly source?: string;
}

interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context: SourceContext) => unknown): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}

/** Whether the text may have such a number; without one, {@link parseExact} says what `JSON.parse` says. */
export function hasLongNumber(text: string): boolean {
  return LONG_NUMBER.test(text);
}

/**
 * Parses JSON so that `JSON.stringify` of the result writes every number as it was written, however long: an id of
 * 64 bits in a tool's arguments is not rounded. Such a number is an opaque object until then; all others are numbers.
 * @throws SyntaxError
 * @see https://github.com/tc39/proposal-json-parse-with-source (checked 2026-11-21)
 */
export function parseExact(text: string): Json {
  if (!hasLongNumber(text)) return JSON.parse(text) as Json;
  const exact = JSON as unknown as ExactJson;
  return exact.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && isRounded(value, source) ? exact.rawJSON(source) : value,
  ) as Json;
}

/** The digits of a number that {@link parseExact} kept as an object; undefined for any other value. */
export function digitsOf(value: Json): string | undefined {
  const exact = JSON as unknown as ExactJson;
  return exact.isRawJSON(value) ? value.rawJSON : undefined;
}

/** As long as a number of more digits than a double keeps. `1.0` and `1e2` lose their form and nothing else. */
const LONG = 16;

function isRounded(value: number, source: string): boolean {
  return !Number.isFinite(value) || (source.length >= LONG && String(value) !== source);
}
