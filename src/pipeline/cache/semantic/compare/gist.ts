import { hash } from 'node:crypto';

import { similarityOf } from '../../../../models/vectors/embed/encoder.ts';
import type { MadeVector } from '../../../../models/vectors/embed/messages.ts';
import { type Veto, vetoOf } from '../vetoes/vetoes.ts';
import { normalized } from './normalized.ts';

/** Answers up to this length say the same where they are spelt the same, and else they do not. Code units. */
const SHORT = 200;

/** Cosine from which two long answers count as saying the same, if nothing that can be named differs. */
const SAME_MEANING = 0.92;

/** Of two answers that say the same one is at most so many times as long. */
const MOST_LONGER = 2.5;

/** What is kept of an answer to compare it with others. */
export interface Gist {
  /** Of the text as it is spelt, but for case and punctuation. */
  readonly spelling: string;
  readonly length: number;
  /** Only of a long one. */
  readonly long?: { readonly text: string; readonly made: MadeVector | undefined } | undefined;
}

export function gistOf(text: string, made?: MadeVector): Gist {
  const spelling = hash('sha256', normalized(text), 'base64');
  return { spelling, length: text.length, long: isLong(text) ? { text, made } : undefined };
}

export function isLong(text: string): boolean {
  return text.length > SHORT;
}

/**
 * Whether two answers say the same.
 * @returns undefined where neither their spelling nor their vectors can tell
 */
export function sayTheSame(one: Gist, other: Gist): boolean | undefined {
  if (one.spelling === other.spelling) return true;
  if (!one.long || !other.long || !areOfOneLength(one, other)) return false;
  const [first, second] = [one.long.made, other.long.made];
  const meaning = first && second && meanTheSame(first, second);
  // To look for facts in long texts costs far more than to compare two vectors.
  return meaning === false || differInFacts(one.long.text, other.long.text) ? false : meaning;
}

function meanTheSame(one: MadeVector, other: MadeVector): boolean {
  return one.space === other.space && similarityOf(one.vector, other.vector) >= SAME_MEANING;
}

function areOfOneLength(one: Gist, other: Gist): boolean {
  return Math.max(one.length, other.length) <= MOST_LONGER * Math.min(one.length, other.length);
}

/** What two tellings of the same share. Names are not among it: each sentence begins with a capital. */
const FACTS: ReadonlySet<Veto> = new Set<Veto>(['number', 'date', 'unit', 'negation', 'language']);

function differInFacts(one: string, other: string): boolean {
  const veto = vetoOf(one, other);
  return veto !== undefined && FACTS.has(veto);
}
