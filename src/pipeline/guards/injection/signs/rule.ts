import type { Sign } from '../weights.ts';

/**
 * What a sign looks like in a folded text: small letters, no accents. A rule begins with one of its `heads`, so that it
 * is tried only where one stands.
 *
 * In Latin rules a space is whatever stands between two words, `_` the same or nothing, `~` up to four words between, and
 * `@` the rest of a word. In rules that begin with another script, `~` is up to fourteen characters of a sentence.
 */
export interface Rule {
  readonly sign: Sign;
  /** Joined by `|`. Of a head, the first word counts: up to three letters it is a whole word. */
  readonly heads: string;
  /** A regular expression for what follows the head; with bounded repetitions only. */
  readonly rest?: string;
  /** In the text as it was given it is in capital letters. */
  readonly isUpper?: boolean;
}

/** A rule that can be tried at a place of a folded text. */
export interface CompiledRule {
  readonly sign: Sign;
  /** Sticky. */
  readonly pattern: RegExp;
  readonly isUpper: boolean;
}

// Longer rows of signs are shortened before.
const GAP = '(?:[^a-z0-9]{1,8}[a-z0-9]{1,16}){0,4}?[^a-z0-9]{1,8}';
const LATIN: Readonly<Record<string, string>> = {
  ' ': '[^a-z0-9]{1,8}',
  _: '[^a-z0-9]{0,2}',
  '~': GAP,
  '@': '[a-z]{0,12}',
};
const LETTER = /[a-z0-9]/;

function compileRule({ sign, heads, rest = '', isUpper = false }: Rule): CompiledRule {
  const isLatin = LETTER.test(heads.charAt(0));
  const source = `(?:${heads})${rest}`;
  const spelled = isLatin
    ? `${source.replace(/[ _~@]/g, (char) => LATIN[char] ?? char)}(?![a-z0-9])`
    : source.replaceAll('~', '[^\\n。！？!?]{0,14}?');
  return { sign, pattern: new RegExp(spelled, 'y'), isUpper };
}

/** The rules of each key of {@link wordKey} or code unit. */
export function indexOf(rules: readonly Rule[]): ReadonlyMap<number, readonly CompiledRule[]> {
  const index = new Map<number, CompiledRule[]>();
  for (const rule of rules) {
    const compiled = compileRule(rule);
    for (const key of new Set(rule.heads.split('|').flatMap(headKeys))) {
      const others = index.get(key);
      if (others) others.push(compiled);
      else index.set(key, [compiled]);
    }
  }
  return index;
}

function headKeys(head: string): number[] {
  if (!LETTER.test(head.charAt(0)))
    return [symbolKey((head.startsWith(String.raw`\n`) ? '\n' : head.replace(/^\\/, '')).charCodeAt(0))];
  return [wordKey(head, 0), wordKey(head.replaceAll('_', ''), 0)];
}

/** The key of a place that is not in a word of Latin letters. */
export function symbolKey(code: number): number {
  return -code;
}

/** The first four letters of the word that begins at a place; shorter words have fewer. */
export function wordKey(folded: string, at: number): number {
  let key = 0;
  for (let next = at; next < at + 4; next++) {
    const code = next < folded.length ? folded.charCodeAt(next) : 0;
    if (!isWordCode(code)) break;
    key = key * 128 + code;
  }
  return key;
}

/** `a` to `z` and digits. */
export function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
}
