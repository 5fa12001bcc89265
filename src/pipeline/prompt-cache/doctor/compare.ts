import type { SeenPrompt, SeenSegment } from './seen-prompt.ts';

/** How a prompt differs from an earlier one where they part. */
export type ChangeShape = 'changed' | 'inserted' | 'removed' | 'reordered';

/** Where two prompts part. */
export interface Divergence {
  readonly shape: ChangeShape;
  readonly earlier: SeenSegment;
  readonly later: SeenSegment;
  /** The first byte of the segment's text that differs, or at which one of the two ends. */
  readonly byteOffset: number;
  /** False where the difference is beyond what is kept: they are the same at least up to the offset. */
  readonly isExact: boolean;
}

/** What two prompts have in common, in weights of segments. */
export interface Comparison {
  /** Up to where they part. */
  readonly before: number;
  /** Behind that: what would be shared as well, if the difference were not there. */
  readonly after: number;
  /** Undefined where one is the beginning of the other. */
  readonly divergence: Divergence | undefined;
}

export function comparePrompts(earlier: SeenPrompt, later: SeenPrompt): Comparison {
  const [a, b] = [earlier.segments, later.segments];
  const at = sharedRun(a, 0, b, 0).segments;
  const before = weightOf(b, 0, at);
  const [first, second] = [a[at], b[at]];
  if (!first || !second) return { before, after: 0, divergence: undefined };
  const byteOffset = sharedPrefix(first.bytes, 0, second.bytes, 0);
  const isExact =
    byteOffset < Math.min(first.bytes.length, second.bytes.length) || isWholeAt(byteOffset, first, second);
  const { shape, after } = realigned(a, b, at, byteOffset);
  return {
    before: before + byteOffset,
    after,
    divergence: { shape, earlier: first, later: second, byteOffset, isExact },
  };
}

/** One of them ends there, and it is kept as a whole. */
function isWholeAt(offset: number, first: SeenSegment, second: SeenSegment): boolean {
  return first.length === offset || second.length === offset;
}

type Realigned = Pick<Divergence, 'shape'> & Pick<Comparison, 'after'>;

/** The way in which most of the rest is the same. */
function realigned(a: readonly SeenSegment[], b: readonly SeenSegment[], at: number, byteOffset: number): Realigned {
  const [first, second] = [a[at], b[at]];
  const within = first && second ? sharedBehind(first, second, byteOffset) : 0;
  const ways: Realigned[] = [
    { shape: 'changed', after: within + sharedRun(a, at + 1, b, at + 1).weight },
    { shape: 'inserted', after: sharedRun(a, at, b, at + 1).weight },
    // What both have of the segment there counts before them already.
    { shape: 'removed', after: sharedRun(a, at + 1, b, at).weight - byteOffset },
    { shape: 'reordered', after: reorderedTools(a, b, at) - byteOffset },
  ];
  return ways.reduce((best, way) => (way.after > best.after ? way : best));
}

/** The same tools in another order, and what follows them. */
function reorderedTools(a: readonly SeenSegment[], b: readonly SeenSegment[], at: number): number {
  const end = b.findIndex(({ part }) => part !== 'tools');
  const count = end < 0 ? b.length : end;
  if (at >= count || a.findIndex(({ part }) => part !== 'tools') !== end) return 0;
  const digests = (segments: readonly SeenSegment[]) =>
    segments
      .slice(at, count)
      .map(({ digest }) => digest)
      .toSorted()
      .join();
  if ((end < 0 && a.length !== b.length) || digests(a) !== digests(b)) return 0;
  return weightOf(b, at, count) + sharedRun(a, count, b, count).weight;
}

function sharedRun(a: readonly SeenSegment[], fromA: number, b: readonly SeenSegment[], fromB: number) {
  let segments = 0;
  let weight = 0;
  for (;;) {
    const [one, other] = [a[fromA + segments], b[fromB + segments]];
    if (!one || !other || one.digest !== other.digest) return { segments, weight };
    segments += 1;
    weight += other.weight;
  }
}

function weightOf(segments: readonly SeenSegment[], from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) sum += segments[at]?.weight ?? 0;
  return sum;
}

const CHUNK = 512;

/** How many bytes are the same from there on. */
function sharedPrefix(a: Buffer, fromA: number, b: Buffer, fromB: number): number {
  const most = Math.min(a.length - fromA, b.length - fromB);
  let at = 0;
  while (at + CHUNK <= most && a.compare(b, fromB + at, fromB + at + CHUNK, fromA + at, fromA + at + CHUNK) === 0)
    at += CHUNK;
  while (at < most && a[fromA + at] === b[fromB + at]) at += 1;
  return at;
}

function sharedSuffix(a: Buffer, b: Buffer, most: number): number {
  let at = 0;
  while (at < most && a[a.length - 1 - at] === b[b.length - 1 - at]) at += 1;
  return at;
}

/** Long enough not to be met by chance. */
const ANCHOR = 32;
/** What stands between two texts that are the same is no longer than that. */
const MOST_CHANGED = 1024;
const MOST_CHANGES = 8;

/** Bytes of one segment that are the same behind the first difference, with a few more differences among them. */
function sharedBehind({ bytes: a, length }: SeenSegment, { bytes: b, ...later }: SeenSegment, offset: number): number {
  let [inA, inB] = [offset, offset];
  let shared = 0;
  for (let change = 0; change < MOST_CHANGES; change += 1) {
    const found = nextAnchor(a, inA, b, inB);
    if (!found) break;
    const same = sharedPrefix(a, found.inA, b, found.inB);
    shared += same;
    [inA, inB] = [found.inA + same, found.inB + same];
  }
  const areWhole = length === a.length && later.length === b.length;
  const atEnd = areWhole ? sharedSuffix(a, b, Math.min(a.length, b.length) - offset) : 0;
  return Math.max(shared, atEnd);
}

function nextAnchor(a: Buffer, fromA: number, b: Buffer, fromB: number) {
  const lastB = Math.min(b.length - ANCHOR, fromB + MOST_CHANGED);
  for (let inB = fromB; inB <= lastB; inB += ANCHOR / 2) {
    const window = a.subarray(fromA, fromA + MOST_CHANGED + ANCHOR);
    const found = window.indexOf(b.subarray(inB, inB + ANCHOR));
    if (found >= 0) return { inA: fromA + found, inB };
  }
  return undefined;
}
