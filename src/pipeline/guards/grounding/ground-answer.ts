import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { AskDeps } from '../../../models/own-calls/ask-text.ts';
import { JudgeFailed } from '../engine/judge.ts';
import { unsupportedBy } from './ask-judge.ts';
import { passagesFor } from './passages.ts';
import type { GroundingSettings } from './settings.ts';
import { inTurns } from './slices.ts';
import { type Claim, claimsOf, isBeginning } from './words/claims.ts';
import { SourceIndex } from './words/source-index.ts';
import { SUPPORTED, supportOf } from './words/support.ts';

export interface GroundingDeps {
  readonly asking: AskDeps;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Whose answer it is. */
  readonly call: Call;
  /** Milliseconds until a judge is given up. */
  readonly allowedMs: number;
}

/** How much of an answer its sources say. */
export interface Grounded {
  /** The part of the claims that is supported, 0 to 1; 1 where the answer claims nothing. */
  readonly score: number;
  /** How many sentences state something; at most 200 are looked at. */
  readonly claims: number;
  /** The answer is longer than what was looked at. */
  readonly isPartial: boolean;
  /** The places of those that are not supported, from 0. */
  readonly unsupported: readonly number[];
  readonly by: 'words' | 'judge';
}

/** More is not read. UTF-16 units of all sources together. */
const MOST_SOURCE_CHARS = 2_000_000;
/** What is read at once. */
const SLICE_CHARS = 8000;
const SLICE_CLAIMS = 20;
/** How many claims a judge is asked about at once. */
const ASKED_CLAIMS = 40;

/**
 * Whether an answer says what its sources say: by the words of both, or as a model sees it where one is configured.
 * @param sources what tools and searches brought; at least one
 * @throws JudgeFailed where the judge does not say, or the sources are too long to be read
 * @throws JudgeNotAllowed where the judge may not see the call
 */
export async function groundAnswer(
  settings: Pick<GroundingSettings, 'judge'>,
  sources: readonly string[],
  answer: string,
  deps: GroundingDeps,
): Promise<Grounded> {
  const by = settings.judge ? 'judge' : 'words';
  const chars = sources.reduce((sum, { length }) => sum + length, 0);
  if (chars > MOST_SOURCE_CHARS) throw new JudgeFailed(`the sources have ${chars} characters, more than are read`);
  const claims = claimsOf(answer);
  const isPartial = isBeginning(claims, answer);
  if (claims.length === 0) return { score: 1, claims: 0, isPartial, unsupported: [], by };
  const unsupported = settings.judge
    ? await asked(settings.judge, claims, sources, deps)
    : await compared(claims, sources);
  const score = 1 - unsupported.length / claims.length;
  return { score, claims: claims.length, isPartial, unsupported, by };
}

async function compared(claims: readonly Claim[], sources: readonly string[]): Promise<readonly number[]> {
  const index = new SourceIndex(claims);
  for await (const slice of inTurns(sources, SLICE_CHARS)) index.add(slice);
  const unsupported: number[] = [];
  for (const [at, claim] of claims.entries()) {
    if (supportOf(index, claim) < SUPPORTED) unsupported.push(at);
    if (at % SLICE_CLAIMS === SLICE_CLAIMS - 1) await nextTurn();
  }
  return unsupported;
}

async function asked(
  target: NonNullable<GroundingSettings['judge']>,
  claims: readonly Claim[],
  sources: readonly string[],
  { asking, call, clock, allowedMs }: GroundingDeps,
): Promise<readonly number[]> {
  const end = clock.monotonic() + allowedMs;
  const unsupported: number[] = [];
  for (let from = 0; from < claims.length; from += ASKED_CLAIMS) {
    const some = claims.slice(from, from + ASKED_CLAIMS);
    const left = end - clock.monotonic();
    if (left <= 0) throw new JudgeFailed('there was no time left for all claims of the answer');
    const passages = await passagesFor(some, sources);
    const places = await unsupportedBy(asking, { target, call, claims: some, passages, allowedMs: left });
    unsupported.push(...places.map((at) => from + at));
  }
  return unsupported;
}
