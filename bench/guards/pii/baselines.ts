import type { Finder, ScoredSpan } from './spans.ts';

/** As tutorials have them. */
const NAIVE: readonly (readonly [entity: string, pattern: RegExp])[] = [
  ['EMAIL', /\S+@\S+\.\S+/g],
  ['PHONE', /(?:\+?\d{1,3}[-. ]?)?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}/g],
  ['CARD', /\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}/g],
  ['SSN', /\d{3}-\d{2}-\d{4}/g],
  ['IP', /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/g],
  ['IBAN', /[A-Z]{2}\d{2}[A-Z0-9]{11,30}/g],
  ['PERSON', /[A-Z][a-z]+ [A-Z][a-z]+/g],
  ['ADDRESS', /\d+ [A-Z][a-z]+ (?:Street|St|Avenue|Ave|Road|Rd|Lane|Drive)/g],
  ['DRIVER_LICENSE', /[A-Z]\d{7,12}/g],
];

/** The mainland's, as tutorials have them. */
const NAIVE_CHINESE: readonly (readonly [entity: string, pattern: RegExp])[] = [
  ['PHONE', /1[3-9]\d{9}/g],
  ['RESIDENT_ID', /\d{17}[\dXx]/g],
  ['CARD', /\d{16,19}/g],
];

const finderOf =
  (patterns: typeof NAIVE): Finder =>
  (text) =>
    patterns.flatMap(([entity, pattern]) =>
      [...text.matchAll(pattern)].map((match): ScoredSpan => ({
        entity,
        start: match.index,
        end: match.index + match[0].length,
        score: 1,
      })),
    );

export const naive = finderOf(NAIVE);
export const naiveChinese = finderOf(NAIVE_CHINESE);

/** Every word is everything. */
export const flagAll =
  (entities: readonly string[]): Finder =>
  (text) =>
    [...text.matchAll(/\S+/g)].flatMap((match) =>
      entities.map((entity) => ({ entity, start: match.index, end: match.index + match[0].length, score: 1 })),
    );

export const acceptAll: Finder = () => [];
