import type { Found } from './text/sight.ts';

/** Of what overlaps the one with the higher rank stays, then the longer, then the surer. In the order of their places. */
export function withoutOverlaps(found: readonly Found[], length: number): readonly Found[] {
  if (found.length < 2) return found;
  const sorted = found.toSorted(
    (one, other) =>
      other.rank - one.rank ||
      other.end - other.start - (one.end - one.start) ||
      other.score - one.score ||
      one.start - other.start,
  );
  const taken = new Uint8Array(length);
  const kept: Found[] = [];
  for (const one of sorted) {
    if (isTaken(taken, one)) continue;
    taken.fill(1, one.start, one.end);
    kept.push(one);
  }
  return kept.toSorted((one, other) => one.start - other.start);
}

function isTaken(taken: Uint8Array, { start, end }: Found): boolean {
  for (let at = start; at < end; at += 1) if (taken[at]) return true;
  return false;
}
