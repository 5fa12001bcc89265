/** One thing that was found in a text. Places are UTF-16 units of the text as it was given. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  /** `PHONE`, `override`, `violence`: for marks, counts and settings. */
  readonly category: string;
  /** How sure it is, 0 to 1. */
  readonly score: number;
}

/** What was found in one text. */
export interface Scan {
  /** Of the text as a whole, 0 to 1: what the guard's threshold is compared with. */
  readonly score: number;
  /** In the order of their places; those of a scanner whose findings are replaced do not overlap. */
  readonly findings: readonly Finding[];
}

/** Nothing was found. */
export const CLEAN: Scan = { score: 0, findings: [] };

export function isClean({ score, findings }: Scan): boolean {
  return score === 0 && findings.length === 0;
}

/**
 * Looks for something in texts, by itself: no I/O, no clock, no state between two texts. It is built from plain settings,
 * so that it can be built again in a thread. Its time is linear in the length of the text, whatever the text is.
 */
export interface Scanner {
  scan(text: string): Scan;
  /**
   * The same where little work says it: some nanoseconds for each unit, whatever the text is. Undefined where it takes
   * more.
   */
  glance?(text: string): Scan | undefined;
  /**
   * Of a text that grows: how many of its last units may be the beginning of something, and have to be held back until
   * more of it has come. 0 for most texts; `held` of the whole text is never asked for more than its last
   * {@link MOST_HELD_LOOK} units, or `heldLook` of them.
   */
  held(end: string): number;
  /** Of how many units `held` is asked where that is more than {@link MOST_HELD_LOOK}. */
  readonly heldLook?: number;
}

/** Longer beginnings are not held back. */
export const MOST_HELD_LOOK = 256;
