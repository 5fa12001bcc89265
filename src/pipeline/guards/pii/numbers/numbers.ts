import type { PiiEntity } from '../settings.ts';
import type { ContextKind } from '../text/context-words.ts';
import type { Sight } from '../text/sight.ts';
import { type Edge, edgeAfter, edgeBefore, isAmount, wordStart } from './edges.ts';
import { NUMBER_KINDS, type Candidate, type NumberKind } from './number-kinds.ts';
import { digitsOf, isRepeated, isSpelledOut, isTorn, type Run } from './runs.ts';

/** No number has more groups or digits. */
const MOST_GROUPS = 7;
const MOST_DIGITS = 19;

/** Sizes of groups as one number, so that most groups are dismissed without making a text. */
const keyOf = (sizes: readonly number[]): number => sizes.reduce((key, size) => key * 20 + size, 0);

/** Looks at one run for cards and ids. */
export type RunReader = (sight: Sight, run: Run) => void;

/** Cards, SSN and ids that are digits, of these kinds. */
export function numberReader(entities: ReadonlySet<PiiEntity>): RunReader | undefined {
  const byGroups = new Map<number, NumberKind[]>();
  for (const kind of NUMBER_KINDS) {
    if (!entities.has(kind.entity)) continue;
    for (const groups of kind.groups) {
      const key = keyOf(groups.split('-').map(Number));
      byGroups.set(key, [...(byGroups.get(key) ?? []), kind]);
    }
  }
  if (byGroups.size === 0) return undefined;
  return (sight, run) => {
    if (isSpelledOut(run)) {
      const last = run.starts.length - 1;
      judge(sight, run, 0, last, byGroups.get(last + 1));
      return;
    }
    const last = run.isBroken ? 1 : run.starts.length;
    for (let from = 0; from < last; from += 1) readFrom(sight, run, from, byGroups);
  };
}

function readFrom(sight: Sight, run: Run, from: number, byGroups: ReadonlyMap<number, readonly NumberKind[]>): void {
  let key = 0;
  let digits = 0;
  const last = Math.min(run.starts.length, from + MOST_GROUPS);
  for (let to = from; to < last; to += 1) {
    const size = (run.ends[to] ?? 0) - (run.starts[to] ?? 0);
    digits += size;
    if (digits > MOST_DIGITS) return;
    key = key * 20 + size;
    if (run.isBroken && to + 1 < run.starts.length) continue;
    judge(sight, run, from, to, byGroups.get(key));
  }
}

function judge(sight: Sight, run: Run, from: number, to: number, kinds: readonly NumberKind[] | undefined): void {
  if (!kinds) return;
  const { text } = sight;
  const start = run.starts[from] ?? 0;
  const end = run.ends[to] ?? 0;
  if (isInBrackets(text, start, end)) return;
  const before = edgeBefore(text, start);
  if (before === 'inside' || isAmount(text, start, end)) return;
  const after = edgeAfter(text, end);
  let candidate: RunCandidate | undefined;
  for (const kind of kinds) {
    const tail = kind.letter ? (kind.letter.exec(text.slice(end, end + 3))?.[0] ?? '') : '';
    if (kind.letter ? tail === '' : after === 'inside') continue;
    const isDashed = before === 'dashed' || (after === 'dashed' && tail === '');
    const tie = isDashed ? 'dashed' : before === 'lettered' ? 'lettered' : undefined;
    if (tie && !kind.tied?.includes(tie)) continue;
    if (candidate?.tail !== tail) candidate = new RunCandidate(sight, run, { from, to, tail, tie, before });
    const score = kind.score(candidate);
    if (score > 0) sight.add(start, end + tail.length, kind.entity, score);
  }
}

interface Place extends Pick<Candidate, 'tie'> {
  readonly from: number;
  readonly to: number;
  readonly tail: string;
  readonly before: Edge;
}

/** Nothing of it is worked out before it is asked for: most are dismissed by little. */
class RunCandidate implements Candidate {
  readonly tail: string;
  readonly tie: Candidate['tie'];
  readonly #sight: Sight;
  readonly #run: Run;
  readonly #place: Place;
  readonly #start: number;
  readonly #end: number;
  #digits: string | undefined;

  constructor(sight: Sight, run: Run, place: Place) {
    this.tail = place.tail;
    this.tie = place.tie;
    this.#sight = sight;
    this.#run = run;
    this.#place = place;
    this.#start = run.starts[place.from] ?? 0;
    this.#end = run.ends[place.to] ?? 0;
  }

  get digits(): string {
    const { from, to } = this.#place;
    return (this.#digits ??= digitsOf(this.#sight.text, this.#run, from, to) + this.tail.slice(-1));
  }

  get separators(): string {
    return this.#sight.text.slice(this.#start, this.#end).replaceAll(/\d/g, '') + this.tail.slice(0, -1);
  }

  get isSomethingElse(): boolean {
    const { text, words } = this.#sight;
    return this.#place.before === 'joined' || words.isNamed('order', wordStart(text, this.#start));
  }

  near(kind: ContextKind): boolean {
    return this.#sight.words.near(kind, this.#start, this.#end);
  }

  isTorn(isOne?: (digits: string) => boolean): boolean {
    const { text } = this.#sight;
    const { from, to } = this.#place;
    if (!isTorn(text, this.#run, from, to)) return false;
    return !isOne || this.#run.isBroken || !isRepeated(text, this.#run, from, to, isOne);
  }
}

/** A bracket within belongs to telephone numbers. */
function isInBrackets(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x28 || unit === 0x29) return true;
  }
  return false;
}
