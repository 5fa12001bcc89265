import { RE2JS } from 're2js';

import type { Work } from './work.ts';

const LONGEST_PATTERN = 1000;
/** A larger program is not run: each of its steps may cost some 20 ns for each character. */
const MOST_STEPS = 1000;
/** So many steps of patterns, times characters, are as much as one step of other work. */
const PER_STEP = 5;

/** What it costs to make a program, measured at its worst: of each character, class of Unicode, and step of it. */
const PER_CHARACTER = 20;
const PER_CLASS = 800;
const PER_MADE = 10;
const CLASS = /\\p/gi;
/** Flags are none of JSON Schema's, and make classes larger yet. */
const FLAGS = /\(\?[a-z-]*i/;

/** The clients' patterns of one check. They are run by an engine whose time is linear, and never by JavaScript's own. */
export class Patterns {
  readonly #ready = new Map<string, RE2JS | undefined>();
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  /** Undefined where the pattern cannot be run here: look-around, back references, or too large. @throws TooMuchWork */
  isFound(pattern: string, text: string): boolean | undefined {
    const ready = this.#ready.has(pattern) ? this.#ready.get(pattern) : this.#make(pattern);
    this.#work.take(1);
    if (!ready) return undefined;
    this.#work.take(Math.ceil((text.length * ready.programSize()) / PER_STEP));
    return ready.matcher(text).find();
  }

  #make(pattern: string): RE2JS | undefined {
    let made: RE2JS | undefined;
    if (pattern.length <= LONGEST_PATTERN && !FLAGS.test(pattern)) {
      const classes = pattern.match(CLASS)?.length ?? 0;
      this.#work.take(100 + pattern.length * PER_CHARACTER + classes * PER_CLASS);
      try {
        made = RE2JS.compile(RE2JS.translateRegExp(pattern));
      } catch {
        made = undefined;
      }
    } else this.#work.take(pattern.length >> 4);
    if (made) this.#work.take(made.programSize() * PER_MADE);
    if (made && made.programSize() > MOST_STEPS) made = undefined;
    this.#ready.set(pattern, made);
    return made;
  }
}
