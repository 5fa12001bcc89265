import { DAY_MS } from '../../core/units.ts';
import { SLOT_MS } from './rollup-batch.ts';

/** A stretch of time and where its usage is read. */
export interface UsagePiece {
  readonly source: 'traces' | 'slots' | 'days';
  /** Epoch milliseconds, inclusive; -Infinity = from the beginning. */
  readonly from: number;
  /** Epoch milliseconds, exclusive; Infinity = to the end. */
  readonly until: number;
}

/** More would make a statement that takes longer to plan than it saves; each is a part of one. */
const MAX_PIECES = 60;

/**
 * How a time is put together: of whole days where it can be, of slots around them, and of traces only within the slots
 * that it cuts. No piece but of slots or days goes over a boundary, and one of these only where both sides are whole.
 * @param boundaries ascending, epoch milliseconds; what lies outside of the time does not count
 */
export function piecesOf(from: number, until: number, boundaries: readonly number[]): UsagePiece[] {
  const cuts = [from, ...boundaries.filter((at) => at > from && at < until), until];
  const stretches = cuts.slice(1).map((end, at): [number, number] => [cuts[at] ?? from, end]);
  const pieces = joined(stretches.flatMap(([start, end]) => cut(start, end, ['days', 'slots'])));
  if (pieces.length <= MAX_PIECES) return pieces;
  return joined(stretches.flatMap(([start, end]) => cut(start, end, ['slots'])));
}

const LENGTHS = { days: DAY_MS, slots: SLOT_MS } as const;

/** The largest part that is whole units of the first source, and what is before and after it from the finer ones. */
function cut(from: number, until: number, [source, ...finer]: readonly ('days' | 'slots')[]): UsagePiece[] {
  if (from >= until) return [];
  if (source === undefined) return [{ source: 'traces', from, until }];
  const first = Math.ceil(from / LENGTHS[source]) * LENGTHS[source];
  const last = Math.floor(until / LENGTHS[source]) * LENGTHS[source];
  if (first >= last) return cut(from, until, finer);
  return [...cut(from, first, finer), { source, from: first, until: last }, ...cut(last, until, finer)];
}

/** Neighbours of one source are one piece. */
function joined(pieces: readonly UsagePiece[]): UsagePiece[] {
  const whole: UsagePiece[] = [];
  for (const piece of pieces) {
    const before = whole.at(-1);
    if (before?.source === piece.source) whole[whole.length - 1] = { ...before, until: piece.until };
    else whole.push(piece);
  }
  return whole;
}
