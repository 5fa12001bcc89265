import { KeyTable } from '../../../../core/texts/key-table.ts';
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
/** The states before the words; -1 until one is asked for. */
const STATES = new Int32Array(HEAD_KEYS.length).fill(-1);

/** What is said of each. */
const HEADS = new KeyTable(
  HEAD_KEYS.map((key, at) => {
    const hasRules = (RULE_INDEX.get(key) ?? []).length > 0;
    const flags = (ROT13.has(key) ? IS_ROT13 : 0) | (REVERSED.has(key) ? IS_REVERSED : 0) | (hasRules ? HAS_RULES : 0);
    return [key, ((at + 1) << FLAGS) | flags] as const;
  }),
);

/** What the word with this key is; 0 where it is none of them. */
export function headOf(key: number): number {
  return HEADS.get(key) ?? 0;
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
