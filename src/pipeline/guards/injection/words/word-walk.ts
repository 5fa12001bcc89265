import type { CompiledRule } from '../signs/rule.ts';
import { KeyTable } from '../../../../core/texts/key-table.ts';
import { type Step, stepsOf, takes } from './pattern.ts';

/**
 * Whether rules may match where words follow each other, known by their keys alone ({@link wordKey}): a rule that says no
 * here does not match, and is not tried. What stands between words counts for nothing.
 *
 * What follows from a word is worked out when it is first met, and kept.
 */
interface WordState {
  /** Its place among all. */
  readonly id: number;
  /** Before a word. */
  readonly steps: readonly Step[];
  /** By the key of the next word, of those that rules name. */
  readonly next: KeyTable<WordState>;
  /** After any other word. */
  other: WordState | undefined;
}

const NO_KEYS = new KeyTable<WordState>([]);

/** Nothing can match any more. */
const DEAD: WordState = { id: 0, steps: [], next: NO_KEYS, other: undefined };
/** Something may have matched. */
const MAYBE: WordState = { id: 1, steps: [], next: NO_KEYS, other: undefined };

/** It has not been worked out. */
const UNKNOWN: WordState = { id: -1, steps: [], next: NO_KEYS, other: undefined };

/** More are not kept: what would need them is tried. */
const MOST_STATES = 6000;
/** So much is worked out for one text, which then has paid its share. */
const MOST_LEARNT = 8;
const KEY_LETTERS = 4;
const ASCII = 128;

const states = new Map<string, WordState>();
const allStates: WordState[] = [DEAD, MAYBE];
let learnable = 0;

/** Before each text, with all that is read in it. */
export function beginText(): void {
  learnable = MOST_LEARNT;
}

/** The state before the first word of these rules. */
export function firstState(rules: readonly CompiledRule[]): number {
  return stateOf(rules.map(({ pattern }) => startOf(pattern))).id;
}

/**
 * Steps that were taken lately: a key, and beside it the state before it and the one behind it. A step that is among them is
 * one look into memory, where asking the states takes many; one takes the place of another.
 */
const STEP_BITS = 13;
const recent = new Int32Array(2 ** (STEP_BITS + 1));
const [SPREAD, SPREAD_STATE] = [0x9e3779b1, 0x85ebca6b];
const STATE_BITS = 15;

/** Whether rules may match from a word on. @param first the state before it @param end behind the last word */
export function mayMatch(first: number, keys: Int32Array, from: number, end: number): boolean {
  let state = first;
  for (let at = from; at < end; at += 1) {
    const key = keys[at] ?? 0;
    const place = ((Math.imul(key, SPREAD) ^ Math.imul(state, SPREAD_STATE)) >>> (32 - STEP_BITS)) << 1;
    const step = recent[place + 1] ?? 0;
    const isKnown = recent[place] === key && step >>> STATE_BITS === state;
    state = isKnown ? step & (2 ** STATE_BITS - 1) : stepFrom(state, key, place);
    if (state === DEAD.id) return false;
    if (state === MAYBE.id) return true;
  }
  return false;
}

function stepFrom(state: number, key: number, place: number): number {
  const next = after(allStates[state] ?? DEAD, key);
  if (!next) return MAYBE.id;
  recent[place] = key;
  recent[place + 1] = (state << STATE_BITS) | next.id;
  return next.id;
}

const starts = new WeakMap<RegExp, Step>();

function startOf(pattern: RegExp): Step {
  let start = starts.get(pattern);
  if (!start) {
    start = stepsOf(pattern.source);
    starts.set(pattern, start);
  }
  return start;
}

/** What follows from a word; undefined where that is not to be worked out now. */
function after(state: WordState, key: number): WordState | undefined {
  const known = state.next.get(key) ?? state.other;
  return known === undefined || known === UNKNOWN ? learn(state, key) : known;
}

function learn(state: WordState, key: number): WordState | undefined {
  if (learnable === 0 || states.size >= MOST_STATES) return undefined;
  learnable -= 1;
  if (state.next.get(key) !== undefined) {
    const next = beyondWord(takenBy(state.steps, key));
    state.next.set(key, next);
    return next;
  }
  state.other = beyondWord(takenByOthers(state.steps));
  return state.other;
}

function stateOf(steps: readonly Step[]): WordState {
  const before = closed(steps, false).filter((step) => step.units !== undefined && takesWord(step));
  if (before.length === 0) return DEAD;
  const name = before
    .map(({ id }) => id)
    .toSorted((a, b) => a - b)
    .join(' ');
  let state = states.get(name);
  if (!state) {
    const named = [...namedKeys(before)];
    const next = new KeyTable(named.map((key) => [key, UNKNOWN] as const));
    state = { id: allStates.length, steps: before, next, other: undefined };
    allStates.push(state);
    states.set(name, state);
  }
  return state;
}

/** The steps that these lead to without a unit. @param mayEnd a word may be over here */
function closed(steps: Iterable<Step>, mayEnd: boolean): Step[] {
  const all = new Set<Step>();
  const waiting = [...steps];
  for (let step = waiting.pop(); step; step = waiting.pop()) {
    if (all.has(step)) continue;
    all.add(step);
    if (step.kind === 'go' || (step.kind === 'word-end' && mayEnd)) waiting.push(...step.nexts);
  }
  return [...all];
}

function isMatch({ kind }: Step): boolean {
  return kind === 'match';
}

/** Behind one unit. */
function taken(steps: readonly Step[], isTaken: (step: Step) => boolean): Step[] {
  return steps.flatMap((step) => (step.units && isTaken(step) ? step.nexts : []));
}

function takesWord({ units }: Step): boolean {
  return units !== undefined && units.letters.length > 0;
}

function takesSign({ units }: Step): boolean {
  return units?.hasSign === true;
}

function takesSpace({ units }: Step): boolean {
  return units?.hasSpace === true;
}

/** Behind any number of units. */
function beyond(steps: readonly Step[], isTaken: (step: Step) => boolean): Step[] {
  const all = new Set(closed(steps, true));
  // What is added on the way is looked at as well.
  for (const step of all) {
    if (!isTaken(step)) continue;
    for (const more of closed(step.nexts, true)) all.add(more);
  }
  return [...all];
}

/** Behind a word with this key, and what comes before the next one. */
function beyondWord(ends: readonly Step[]): WordState {
  const atEnd = closed(ends, true);
  const behind = beyond(taken(atEnd, takesSign), takesSign);
  return atEnd.some(isMatch) || behind.some(isMatch) ? MAYBE : stateOf(behind);
}

function lettersOf(key: number): number[] {
  const letters: number[] = [];
  for (let left = key; left > 0; left = Math.floor(left / ASCII)) letters.unshift(left % ASCII);
  return letters;
}

function takenBy(steps: readonly Step[], key: number): Step[] {
  const letters = lettersOf(key);
  let now: Step[] = [...steps];
  for (const letter of letters) {
    const next = taken(now, ({ units }) => units !== undefined && takes(units, letter));
    now = closed(next, false);
  }
  return letters.length < KEY_LETTERS ? now : beyond(now, takesWord);
}

/**
 * Behind a word that is none of {@link namedKeys}: what takes it has a wide step among the first letters.
 */
function takenByOthers(steps: readonly Step[]): Step[] {
  let narrow: Step[] = [...steps];
  let wide: Step[] = [];
  const ends: Step[] = [];
  for (let letter = 0; letter < KEY_LETTERS; letter += 1) {
    const next = [...taken(narrow, isWide), ...taken(wide, takesWord)];
    narrow = closed(
      taken(narrow, (step) => takesWord(step) && !isWide(step)),
      false,
    );
    wide = closed(next, true);
    ends.push(...wide);
  }
  return [...ends, ...beyond(wide, takesWord)];
}

function isWide({ units }: Step): boolean {
  return units?.isWide === true;
}

/** The keys of words of which the first letters are all named, and all beginnings of such. */
function namedKeys(steps: readonly Step[]): ReadonlySet<number> {
  const keys = new Set<number>();
  addKeys(keys, steps, 0, 0);
  return keys;
}

function addKeys(keys: Set<number>, steps: readonly Step[], key: number, length: number): void {
  if (length === KEY_LETTERS) return;
  const byLetter = new Map<number, Step[]>();
  for (const step of steps) {
    if (!step.units || isWide(step)) continue;
    for (const code of step.units.letters) {
      const nexts = byLetter.get(code);
      if (nexts) nexts.push(...step.nexts);
      else byLetter.set(code, [...step.nexts]);
    }
  }
  for (const [letter, nexts] of byLetter) {
    const longer = key * ASCII + letter;
    keys.add(longer);
    addKeys(keys, closed(nexts, false), longer, length + 1);
  }
}

/** The signs that may follow a sign that rules begin with, or the space behind it. */
export interface Followers {
  /** Nothing has to follow. */
  readonly isAny: boolean;
  has(code: number): boolean;
}

export function followersOf(rules: readonly CompiledRule[], sign: number): Followers {
  const heads = closed(
    rules.map(({ pattern }) => startOf(pattern)),
    true,
  );
  const behind = taken(heads, ({ units }) => units !== undefined && takes(units, sign));
  const all = beyond(behind, takesSpace);
  const ascii = new Uint8Array(ASCII);
  for (const { units } of all) units?.ascii.forEach((is, code) => (ascii[code] = (ascii[code] ?? 0) | is));
  const isOthers = all.some(({ units }) => units?.isOthers === true);
  const named = new Set(all.flatMap(({ units }) => [...(units?.named ?? [])]));
  return {
    isAny: all.some(isMatch),
    has: (code) => (code < ASCII ? ascii[code] === 1 : isOthers || named.has(code)),
  };
}
