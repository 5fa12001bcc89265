import type { Found } from './text/sight.ts';

/**
 * Of what overlaps the one with the higher rank stays, then the longer, then the surer. It grows over the rest of what it
 * overlaps: that is somebody's as well. In the order of their places.
 */
export function withoutOverlaps(found: readonly Found[], length: number): readonly Found[] {
  if (found.length < 2) return found;
  const sorted = found.toSorted(
    (one, other) =>
      other.rank - one.rank ||
      other.end - other.start - (one.end - one.start) ||
      other.score - one.score ||
      one.start - other.start,
  );
  /** By unit: whose it is, from 1. */
  const owners = new Int32Array(length);
  const kept: Kept[] = [];
  for (const one of sorted) {
    const first = firstOwner(owners, one);
    if (first === 0) {
      kept.push({ ...one });
      owners.fill(kept.length, one.start, one.end);
    } else if (!isHost(one, kept[first - 1])) growOver(one, first, owners, kept);
  }
  return kept.toSorted((one, other) => one.start - other.start);
}

type Kept = { -readonly [Key in keyof Found]: Found[Key] };

/** `user:password@host` looks like an address of mail; the host is none of what is secret. */
function isHost({ category }: Found, owner: Kept | undefined): boolean {
  return category === 'EMAIL' && owner?.category === 'URL_CREDENTIALS';
}

function firstOwner(owners: Int32Array, { start, end }: Found): number {
  for (let at = start; at < end; at += 1) {
    const owner = owners[at];
    if (owner) return owner;
  }
  return 0;
}

/** What nobody has goes to the one before it, and at the beginning to the first. */
function growOver({ start, end }: Found, first: number, owners: Int32Array, kept: readonly Kept[]): void {
  let owner = first;
  for (let at = start; at < end; at += 1) {
    const other = owners[at];
    if (other) {
      owner = other;
      continue;
    }
    owners[at] = owner;
    const grown = kept[owner - 1];
    if (!grown) continue;
    grown.start = Math.min(grown.start, at);
    grown.end = Math.max(grown.end, at + 1);
  }
}
