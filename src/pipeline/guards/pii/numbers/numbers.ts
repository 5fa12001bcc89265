import type { PiiEntity } from '../settings.ts';
import type { ContextKind } from '../text/context-words.ts';
import type { Sight } from '../text/sight.ts';
import { edgeAfter, edgeBefore, isAmount } from './edges.ts';
import { NUMBER_KINDS, type Candidate, type NumberKind } from './number-kinds.ts';
import { digitsOf, isSpelledOut, type Run } from './runs.ts';

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
    for (let from = 0; from < run.starts.length; from += 1) readFrom(sight, run, from, byGroups);
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
    judge(sight, run, from, to, byGroups.get(key));
  }
}

function judge(sight: Sight, run: Run, from: number, to: number, kinds: readonly NumberKind[] | undefined): void {
  if (!kinds) return;
  const { text, words } = sight;
  const start = run.starts[from] ?? 0;
  const end = run.ends[to] ?? 0;
  if (isInBrackets(text, start, end)) return;
  const before = edgeBefore(text, start);
  if (before === 'inside' || isAmount(text, start, end)) return;
  const digits = digitsOf(text, run, from, to);
  const near = (kind: ContextKind): boolean => words.near(kind, start, end);
  const separators = text.slice(start, end).replaceAll(/\d/g, '');
  for (const kind of kinds) {
    const tail = kind.letter ? (kind.letter.exec(text.slice(end, end + 3))?.[0] ?? '') : '';
    if (kind.letter ? tail === '' : edgeAfter(text, end) === 'inside') continue;
    const candidate: Candidate = {
      digits: digits + tail.slice(-1),
      separators: separators + tail.slice(0, -1),
      near,
      get isSomethingElse() {
        return before === 'joined' || words.isNamed('order', start);
      },
    };
    const score = kind.score(candidate);
    if (score > 0) sight.add(start, end + tail.length, kind.entity, score);
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
