import { hash } from 'node:crypto';

import type { PromptPart, Segment } from './segments.ts';

/** A segment as it is remembered. */
export interface SeenSegment {
  readonly name: string;
  readonly part: PromptPart;
  /** Of all of it: equal segments have equal ones. */
  readonly digest: string;
  /** UTF-8 bytes of all of it. */
  readonly length: number;
  /** Its share of the prompt's tokens, in bytes of text. */
  readonly weight: number;
  /** The beginning of its text; all of it where that is as long. */
  readonly bytes: Buffer;
}

/** A prompt as it is remembered: what identifies each segment, and as much of the text as is kept of one. */
export interface SeenPrompt {
  readonly segments: readonly SeenSegment[];
  readonly weight: number;
  /** UTF-8 bytes of all of it. */
  readonly length: number;
  /** What it takes in memory, bytes. */
  readonly size: number;
}

/** Of one prompt. What is longer is known by its digests. */
export const MOST_KEPT_BYTES = 64 * 1024;
/** What comes after that many is one segment. */
const MOST_SEGMENTS = 400;
/** An image is about so many tokens, whatever its bytes: 1,500 of four bytes. */
const MEDIA_WEIGHT = 6000;
/** Digests, and the objects around them. */
const SEGMENT_OVERHEAD = 300;

export function rememberPrompt(segments: readonly Segment[]): SeenPrompt {
  let left = MOST_KEPT_BYTES;
  const seen = bounded(segments).map(({ name, part, text, isMedia }): SeenSegment => {
    const whole = Buffer.from(text);
    // A copy of its own: a slice would keep the whole text in memory.
    const bytes = isMedia ? Buffer.alloc(0) : Buffer.from(whole.subarray(0, left));
    left -= bytes.length;
    const weight = isMedia ? MEDIA_WEIGHT : whole.length;
    return { name, part, digest: hash('sha256', whole, 'base64'), length: whole.length, weight, bytes };
  });
  const sumOf = (count: (segment: SeenSegment) => number): number =>
    seen.reduce((sum, segment) => sum + count(segment), 0);
  return {
    segments: seen,
    weight: sumOf(({ weight }) => weight),
    length: sumOf(({ length }) => length),
    size: MOST_KEPT_BYTES - left + sumOf(({ name }) => SEGMENT_OVERHEAD + name.length),
  };
}

function bounded(segments: readonly Segment[]): readonly Segment[] {
  const first = segments[MOST_SEGMENTS - 1];
  if (!first || segments.length === MOST_SEGMENTS) return segments;
  const text = segments.slice(MOST_SEGMENTS - 1).map((one) => one.text);
  return [...segments.slice(0, MOST_SEGMENTS - 1), { ...first, text: text.join('\0') }];
}
