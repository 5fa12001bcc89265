import type { PiiEntity } from '../settings.ts';
import { beginsWord, endsWord, type Recogniser, type Sight } from '../text/sight.ts';
import { TRAIT } from '../text/traits.ts';
import { CODE_KINDS, type CodeKind } from './code-kinds.ts';
import { ibanEnd } from './iban.ts';

/** Where letters go over into digits: ids, passports and accounts begin so. Asked by `exec`: `matchAll` makes a pattern anew. */
const BEGINNING = /(?<![A-Za-z\d])(?:[A-Z]{1,6}[ -]?\d\d|[A-Za-z]{2}\d\d|\d\d[A-Z]{2}\d)/g;
/** The same behind the letter of an escape, as in `\nGB29…`. */
const ESCAPED = /\\[nrtbf][A-Z]{1,6}[ -]?\d\d/g;
const TIED = /[A-Za-z\d][-_.]$/;

/** Ids of digits, which are passports or licences where a word says so. */
const BARE = /(?<![A-Za-z\d.-])\d{6,12}(?![A-Za-z\d]|[.-]\d)/g;

/** IBAN, passports, licences and ids that begin with letters. */
export function codeRecogniser(entities: ReadonlySet<PiiEntity>): Recogniser | undefined {
  const kinds = CODE_KINDS.filter(({ entity }) => entities.has(entity));
  const isIban = entities.has('IBAN');
  const bare = (['PASSPORT', 'DRIVER_LICENSE'] as const).filter((entity) => entities.has(entity));
  if (kinds.length === 0 && !isIban) return undefined;
  return (sight) => {
    const { text, traits } = sight;
    if ((traits & TRAIT.code) !== 0) {
      BEGINNING.lastIndex = 0;
      for (let match = BEGINNING.exec(text); match; match = BEGINNING.exec(text)) {
        lookAt(sight, match.index, kinds, isIban);
      }
      if (text.includes('\\')) {
        for (const match of text.matchAll(ESCAPED)) lookAt(sight, match.index + 2, kinds, isIban);
      }
    }
    if (bare.length > 0 && (traits & TRAIT.run) !== 0) lookForBare(sight, bare);
  };
}

function lookAt(sight: Sight, start: number, kinds: readonly CodeKind[], isIban: boolean): void {
  const { text, words } = sight;
  if (!beginsWord(text, start) || TIED.test(text.slice(Math.max(0, start - 2), start))) return;
  const iban = isIban ? ibanEnd(text, start) : undefined;
  if (iban !== undefined && endsWord(text, iban)) {
    sight.add(start, iban, 'IBAN', 1);
    return;
  }
  for (const { entity, form, check, alone, word, named = 0.9 } of kinds) {
    form.lastIndex = start;
    const found = form.exec(text)?.[0];
    if (found === undefined) continue;
    const end = start + found.length;
    if (!endsWord(text, end) || /^[-_]\w/.test(text.slice(end, end + 2))) continue;
    if (check && !check(found.replaceAll(/[^A-Z\d]/g, ''))) continue;
    let score =
      words.near(word, start, end) || (entity === 'NATIONAL_ID' && words.near('id', start, end)) ? named : alone;
    if (score < named && isSomethingElse(sight, start, end)) score = 0;
    if (score > 0) sight.add(start, end, entity, score);
  }
}

function isSomethingElse({ words }: Sight, start: number, end: number): boolean {
  return words.isNamed('order', start) || words.isSaidToBe('order', end);
}

const BARE_WORDS = { PASSPORT: 'passport', DRIVER_LICENSE: 'licence' } as const;

function lookForBare(sight: Sight, entities: readonly (keyof typeof BARE_WORDS)[]): void {
  const { text, words } = sight;
  BARE.lastIndex = 0;
  for (let match = BARE.exec(text); match; match = BARE.exec(text)) {
    const [digits] = match;
    for (const entity of entities) {
      if (entity === 'PASSPORT' && digits.length !== 9) continue;
      if (words.isCalled(BARE_WORDS[entity], match.index))
        sight.add(match.index, match.index + digits.length, entity, 0.6);
    }
  }
}
