import type { RE2JS } from 're2js';

/** An instruction of the engine's program, as far as it is read here. */
interface Step {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  matchRune(rune: number): boolean;
}

/** What the engine's instructions are. */
const ALT = 1;
const ALT_MATCH = 2;
const CAPTURE = 3;
const EMPTY_WIDTH = 4;
const FAIL = 5;
const MATCH = 6;
const NOP = 7;
const RUNE = 8;
const RUNE_1 = 9;
const RUNE_ANY = 10;
const RUNE_ANY_NOT_NL = 11;
const KNOWN = new Set([
  ALT,
  ALT_MATCH,
  CAPTURE,
  EMPTY_WIDTH,
  FAIL,
  MATCH,
  NOP,
  RUNE,
  RUNE_1,
  RUNE_ANY,
  RUNE_ANY_NOT_NL,
]);

const NEVER = -1;
const NEWLINE = 10;

/**
 * Whether the end of a text that grows may be the beginning of what a pattern finds. It walks the engine's own program
 * with every place as a beginning, and counts assertions such as `\b` as true, so that it holds back rather too much.
 * Where the program has an instruction that is not known here, everything may be a beginning.
 */
export class PartialMatch {
  readonly #steps: readonly Step[];
  readonly #start: number;
  readonly #isKnown: boolean;

  constructor(pattern: RE2JS) {
    const { inst, start } = pattern.re2().prog as { readonly inst: readonly Step[]; readonly start: number };
    this.#steps = inst;
    this.#start = start;
    this.#isKnown = inst.every(({ op }) => KNOWN.has(op));
  }

  /** How many units at the end may belong to something whose end is still to come. */
  held(end: string): number {
    if (!this.#isKnown) return end.length;
    /** By step: where the earliest way to it began. */
    let here = this.#nowhere();
    // Half of a pair may become anything.
    const whole = isHalf(end) ? end.length - 1 : end.length;
    for (let at = 0; at < whole;) {
      const rune = end.codePointAt(at) ?? 0;
      this.#go(here, this.#start, at);
      here = this.#past(here, rune);
      at += rune > 0xffff ? 2 : 1;
    }
    if (whole < end.length) this.#go(here, this.#start, whole);
    let earliest = end.length;
    for (const from of here) if (from !== NEVER && from < earliest) earliest = from;
    return end.length - earliest;
  }

  #nowhere(): Int32Array {
    return new Int32Array(this.#steps.length).fill(NEVER);
  }

  #past(here: Int32Array, rune: number): Int32Array {
    const next = this.#nowhere();
    for (const [at, from] of here.entries()) {
      const step = from === NEVER ? undefined : this.#steps[at];
      if (step && matches(step, rune)) this.#go(next, step.out, from);
    }
    return next;
  }

  /** Goes to a step, and on through those that read nothing. Only steps that read something are kept. */
  #go(places: Int32Array, to: number, from: number): void {
    const open = [to];
    const seen = new Set<number>();
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const step = this.#steps[at];
      if (!step || seen.has(at) || step.op === FAIL || step.op === MATCH) continue;
      seen.add(at);
      if (step.op < RUNE) {
        open.push(step.out);
        if (step.op === ALT || step.op === ALT_MATCH) open.push(step.arg);
        continue;
      }
      const before = places[at] ?? NEVER;
      if (before === NEVER || from < before) places[at] = from;
    }
  }
}

function matches(step: Step, rune: number): boolean {
  if (step.op === RUNE_ANY) return true;
  return step.op === RUNE_ANY_NOT_NL ? rune !== NEWLINE : step.matchRune(rune);
}

function isHalf(end: string): boolean {
  const last = end.charCodeAt(end.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
