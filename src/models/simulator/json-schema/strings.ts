import { type JsonObject, asCount, asString } from '../../../core/json.ts';
import { type Random, idLetters, integerBetween, pick } from '../random.ts';

const WORDS = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'harbor', 'island', 'juniper'] as const;

const two = (value: number): string => String(value).padStart(2, '0');

function date(random: Random): string {
  return `20${two(integerBetween(random, 20, 39))}-${two(integerBetween(random, 1, 12))}-${two(integerBetween(random, 1, 28))}`;
}

function time(random: Random): string {
  const part = (most: number): string => two(integerBetween(random, 0, most));
  return `${part(23)}:${part(59)}:${part(59)}Z`;
}

function uuid(random: Random): string {
  const hex = (length: number): string =>
    Array.from({ length }, () => integerBetween(random, 0, 15).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}

const FORMATS: Readonly<Record<string, (random: Random) => string>> = {
  date,
  time,
  'date-time': (random) => `${date(random)}T${time(random)}`,
  duration: (random) => `PT${integerBetween(random, 1, 59)}M`,
  email: (random) => `${pick(random, WORDS)}@example.com`,
  hostname: (random) => `${pick(random, WORDS)}.example.com`,
  ipv4: (random) => `192.0.2.${integerBetween(random, 1, 254)}`,
  ipv6: (random) => `2001:db8::${integerBetween(random, 1, 9)}`,
  uri: (random) => `https://example.com/${pick(random, WORDS)}`,
  url: (random) => `https://example.com/${pick(random, WORDS)}`,
  uuid,
};

/** However long a schema says a string must be, no more is made. */
const LONGEST = 10_000;

/** A string of the schema's `format`, or words within `minLength` and `maxLength` (code points). */
export function stringFor(schema: JsonObject, random: Random): string {
  const format = FORMATS[asString(schema['format']) ?? ''];
  if (format) return format(random);
  const shortest = Math.min(asCount(schema['minLength']) ?? 0, LONGEST);
  const longest = asCount(schema['maxLength']) ?? Number.POSITIVE_INFINITY;
  let text: string = pick(random, WORDS);
  if (text.length < shortest) text += `-${idLetters(random, shortest - text.length - 1)}`;
  return text.length > longest ? text.slice(0, longest) : text;
}
