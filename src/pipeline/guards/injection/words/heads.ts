import { reverse, rot13 } from '../disguise/variants.ts';
import { RULE_INDEX } from '../signs/all.ts';
import { type CompiledRule, wordKey } from '../signs/rule.ts';
import { firstState } from './word-walk.ts';

/** Words that rules begin with, or that say how a text is spelled, known by their keys. */

const ROT13 = keysOf(
  rot13('ignore|disregard|forget|previous|instructions|prompt|system|password|the|and|your|that|what'),
);
/** Without `disregard`, whose key would be that of `drag`. */
const REVERSED = keysOf(
  reverse('ignore|forget|previous|instructions|instruction|prompt|system|password|reveal|rules|your|how|the').text,
);

function keysOf(words: string): ReadonlySet<number> {
  return new Set(words.split('|').map((word) => wordKey(word, 0)));
}

/** What is said of a word beside its number, which stands above these bits and is above 0. */
export const [IS_ROT13, IS_REVERSED, HAS_RULES, FLAGS] = [1, 2, 4, 3];

const HEAD_KEYS = [...new Set([...RULE_INDEX.keys(), ...ROT13, ...REVERSED])].filter((key) => key > 0);
const BITS = Math.ceil(Math.log2(HEAD_KEYS.length)) + 2;
const LAST = 2 ** BITS - 1;
const SPREAD = 0x9e3779b1;
/** Keys, and beside each what is said of it: a word of a text is looked up at one place in memory. */
const TABLE = new Int32Array(2 * (LAST + 1));
/** The states before the words; -1 until one is asked for. */
const STATES = new Int32Array(HEAD_KEYS.length).fill(-1);

for (const [at, key] of HEAD_KEYS.entries()) {
  let place = Math.imul(key, SPREAD) >>> (32 - BITS);
  while (TABLE[2 * place] !== 0) place = (place + 1) & LAST;
  const hasRules = (RULE_INDEX.get(key) ?? []).length > 0;
  const flags = (ROT13.has(key) ? IS_ROT13 : 0) | (REVERSED.has(key) ? IS_REVERSED : 0) | (hasRules ? HAS_RULES : 0);
  TABLE[2 * place] = key;
  TABLE[2 * place + 1] = ((at + 1) << FLAGS) | flags;
}

/** What the word with this key is; 0 where it is none of them. */
export function headOf(key: number): number {
  for (let place = Math.imul(key, SPREAD) >>> (32 - BITS); ; place = (place + 1) & LAST) {
    const found = TABLE[2 * place];
    if (found === key) return TABLE[2 * place + 1] ?? 0;
    if (found === 0) return 0;
  }
}

/** The rules that begin with a word. @param id its number */
export function rulesOfHead(id: number): readonly CompiledRule[] {
  return RULE_INDEX.get(HEAD_KEYS[id - 1] ?? 0) ?? [];
}

/** The state before that word. */
export function stateOfHead(id: number): number {
  const known = STATES[id - 1] ?? -1;
  return known >= 0 ? known : (STATES[id - 1] = firstState(rulesOfHead(id)));
}
