import { type Traits, traitsOf } from './traits.ts';
import { CHINESE_PAIRS, ENGLISH_PAIRS, type Opposites } from './word-lists.ts';

export { type Traits, traitsOf } from './traits.ts';

/** Why two texts cannot mean the same, however alike their vectors are. */
export type Veto = 'number' | 'date' | 'name' | 'unit' | 'negation' | 'language';

/** @returns why an answer to the one cannot be served for the other; undefined where nothing speaks against it */
export function vetoOf(a: string, b: string): Veto | undefined {
  return vetoBetween(traitsOf(a), traitsOf(b));
}

/** The same of texts whose traits are known: an entry's are worked out once. */
export function vetoBetween(a: Traits, b: Traits): Veto | undefined {
  if (speaksOtherwise(a.language, b.language)) return 'language';
  if (!isSame(a.dates, b.dates)) return 'date';
  if (!isSame(a.numbers, b.numbers)) return 'number';
  if (hasOtherUnits(a, b)) return 'unit';
  if (isOtherName(a, b)) return 'name';
  if (isDenied(a, b) || isOpposite(a, b)) return 'negation';
  return undefined;
}

/** A short text of the Latin script may be of any of its languages. */
function speaksOtherwise(one: string, other: string): boolean {
  if (one === '' || other === '' || one === other) return false;
  const isLatin = one.startsWith('latin') && other.startsWith('latin');
  return !isLatin || (one !== 'latin' && other !== 'latin');
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((value) => other.has(value));
}

function hasOtherUnits(a: Traits, b: Traits): boolean {
  for (const [kind, names] of a.units) {
    const others = b.units.get(kind);
    if (others !== undefined && !isSame(names, others)) return true;
  }
  return false;
}

/** The one names somebody, or something that is meant to the letter, of whom the other does not speak. */
function isOtherName(a: Traits, b: Traits): boolean {
  return lacks(a.literals, b) || lacks(b.literals, a) || lacks(a.names, b) || lacks(b.names, a);
}

function lacks(names: ReadonlySet<string>, { words, text }: Traits): boolean {
  for (const name of names) if (!words.has(name) && !text.includes(name)) return true;
  return false;
}

/** The one denies what the other says. */
function isDenied(a: Traits, b: Traits): boolean {
  if (a.negation === 'plain') return b.negation === 'none';
  return b.negation === 'plain' && a.negation === 'none';
}

function isOpposite(a: Traits, b: Traits): boolean {
  return (
    ENGLISH_PAIRS.some((pair) => excludes(pair, a, b, hasWord)) ||
    CHINESE_PAIRS.some((pair) => excludes(pair, a, b, hasPart))
  );
}

function hasWord(sought: ReadonlySet<string>, { words }: Traits): boolean {
  for (const word of sought) if (words.has(word)) return true;
  return false;
}

/** For scripts that do not part words. */
function hasPart(sought: ReadonlySet<string>, { text }: Traits): boolean {
  for (const part of sought) if (text.includes(part)) return true;
  return false;
}

/** The one has only this side and the other only that. */
function excludes(
  { one, other }: Opposites,
  a: Traits,
  b: Traits,
  has: (words: ReadonlySet<string>, traits: Traits) => boolean,
): boolean {
  const [aOne, aOther] = [has(one, a), has(other, a)];
  if (aOne === aOther) return false;
  const [bOne, bOther] = [has(one, b), has(other, b)];
  return bOne !== bOther && aOne !== bOne;
}
