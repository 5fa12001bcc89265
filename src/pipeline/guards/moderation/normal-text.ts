import { KIND, LINE_BREAK, LONGEST_FOLD, SPACE, foldOf, isSeparator, kindOf } from './letters.ts';

/** More signs than that between two letters are not there to disguise a word. */
const MOST_BETWEEN_HAN = 3;
const MOST_BETWEEN_LETTERS = 2;
/** So many letters that stand alone are one word: `f u c k`. */
const LEAST_LONE = 3;

/** A text as words are compared. */
export interface NormalText {
  /** In small, plain, simplified signs, without what nobody sees and what was put between letters. */
  readonly units: Uint16Array;
  /** Where in the text as it was given the sign stands that each of them is of. */
  readonly starts: Uint32Array;
  readonly length: number;
}

/**
 * @param open the text goes on: what its end may turn into when more of it has come is taken for that
 */
export function normalText(text: string, open = false): NormalText {
  const folded = foldText(text);
  const length = squeeze(folded, open);
  return { units: folded.units, starts: folded.starts, length };
}

/** Where the sign ends that a unit is of, in the text as it was given. */
export function endOf(text: string, { starts }: NormalText, at: number): number {
  const start = starts[at] ?? 0;
  return start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
}

interface Folded {
  units: Uint16Array;
  starts: Uint32Array;
  length: number;
}

function foldText(text: string): Folded {
  const room = text.length + LONGEST_FOLD;
  const folded = { units: new Uint16Array(room), starts: new Uint32Array(room), length: 0 };
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const code = (unit & 0xfc00) === 0xd800 ? (text.codePointAt(at) ?? unit) : unit;
    const fold = foldOf(code);
    if (typeof fold === 'number') put(folded, fold, at);
    else for (let i = 0; i < fold.length; i += 1) put(folded, fold.charCodeAt(i), at);
    if (code > 0xffff) at += 1;
  }
  return folded;
}

function put(folded: Folded, unit: number, start: number): void {
  const { length } = folded;
  if (length === folded.units.length) grow(folded);
  folded.units[length] = unit;
  folded.starts[length] = start;
  folded.length = length + 1;
}

function grow(folded: Folded): void {
  const units = new Uint16Array(folded.units.length * 2);
  const starts = new Uint32Array(units.length);
  units.set(folded.units);
  starts.set(folded.starts);
  folded.units = units;
  folded.starts = starts;
}

/** Takes out what stands between letters, in place. @returns the length that is left */
function squeeze({ units, starts, length }: Folded, open: boolean): number {
  let to = 0;
  const keep = (unit: number, start: number): void => {
    units[to] = unit;
    starts[to] = start;
    to += 1;
  };
  for (let at = 0; at < length;) {
    const unit = units[at] ?? 0;
    if (unit === SPACE || unit === LINE_BREAK || isSeparator(unit)) {
      const end = gapEnd(units, at, length);
      const before = to > 0 ? kindOf(units[to - 1] ?? 0) : KIND.other;
      if (!isDisguise(units, { at, end, length, before, open })) {
        for (let i = at; i < end; i += 1) {
          const sign = units[i] === LINE_BREAK ? SPACE : (units[i] ?? 0);
          if (sign !== SPACE || units[to - 1] !== SPACE || to === 0) keep(sign, starts[i] ?? 0);
        }
      }
      at = end;
      continue;
    }
    if (kindOf(unit) !== KIND.word || !isLone(units, at, length)) {
      const end = kindOf(unit) === KIND.word ? wordEnd(units, at, length) : at + 1;
      for (; at < end; at += 1) keep(units[at] ?? 0, starts[at] ?? 0);
      continue;
    }
    const letters = loneLetters(units, at, length);
    const isOne = letters.count >= LEAST_LONE || (open && letters.end === length);
    if (isOne) {
      for (let i = at; i < letters.end; i += 1)
        if (kindOf(units[i] ?? 0) === KIND.word) keep(units[i] ?? 0, starts[i] ?? 0);
      at = letters.end;
    } else {
      keep(unit, starts[at] ?? 0);
      at += 1;
    }
  }
  return to;
}

interface Gap {
  readonly at: number;
  readonly end: number;
  readonly length: number;
  readonly before: number;
  readonly open: boolean;
}

/** Whether signs stand between two Chinese ones, and nothing else speaks for them. */
function isDisguise(units: Uint16Array, { at, end, length, before, open }: Gap): boolean {
  if (before !== KIND.han || end - at > MOST_BETWEEN_HAN) return false;
  for (let i = at; i < end; i += 1) if (units[i] === LINE_BREAK) return false;
  return end === length ? open : kindOf(units[end] ?? 0) === KIND.han;
}

function gapEnd(units: Uint16Array, from: number, length: number): number {
  let at = from;
  while (at < length && (units[at] === LINE_BREAK || isSeparator(units[at] ?? 0))) at += 1;
  return at;
}

function wordEnd(units: Uint16Array, from: number, length: number): number {
  let at = from;
  while (at < length && kindOf(units[at] ?? 0) === KIND.word) at += 1;
  return at;
}

function isLone(units: Uint16Array, at: number, length: number): boolean {
  return at + 1 === length || kindOf(units[at + 1] ?? 0) !== KIND.word;
}

/** Letters that stand alone, one after the other, with a sign or two between them. */
function loneLetters(
  units: Uint16Array,
  from: number,
  length: number,
): { readonly count: number; readonly end: number } {
  let end = from + 1;
  let count = 1;
  for (;;) {
    let next = end;
    while (next < length && next - end < MOST_BETWEEN_LETTERS && isSeparator(units[next] ?? 0)) next += 1;
    // The text goes on, and so may the word.
    if (next === length) return { count, end: length };
    if (next === end || kindOf(units[next] ?? 0) !== KIND.word || !isLone(units, next, length)) return { count, end };
    count += 1;
    end = next + 1;
  }
}
