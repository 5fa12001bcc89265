/** Digits, and the spaces, dashes, points and brackets between them, as far as they go. */
export interface Run {
  /** Where each group of digits begins and ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Fewer digits are nobody's number. */
const LEAST_DIGITS = 6;
const RUN = /\d(?:[ .()-]{0,3}\d)+/g;
const GROUP = /\d+/g;

/** All runs of at least {@link LEAST_DIGITS} digits, in their order. */
export function* runsOf(text: string): Generator<Run> {
  for (const match of text.matchAll(RUN)) {
    const [all] = match;
    if (all.length < LEAST_DIGITS) continue;
    const starts: number[] = [];
    const ends: number[] = [];
    let digits = 0;
    for (const group of all.matchAll(GROUP)) {
      starts.push(match.index + group.index);
      ends.push(match.index + group.index + group[0].length);
      digits += group[0].length;
    }
    if (digits >= LEAST_DIGITS) yield { starts, ends };
  }
}

/** Digits with a space between each two of them are written so on purpose, and are one number. */
export function isSpelledOut({ starts, ends }: Run): boolean {
  return starts.length >= 9 && starts.length <= 21 && starts.every((start, at) => (ends[at] ?? 0) - start === 1);
}

/** The digits of the groups `from` to `to`. */
export function digitsOf(text: string, { starts, ends }: Run, from: number, to: number): string {
  let digits = '';
  for (let at = from; at <= to; at += 1) digits += text.slice(starts[at], ends[at]);
  return digits;
}
