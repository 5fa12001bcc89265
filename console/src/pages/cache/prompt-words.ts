import type { paths } from '../../api/schema.gen.ts';
import type { Tone } from '../../ui/badge.tsx';

export type Group =
  paths['/admin/v1/prompt-cache']['get']['responses']['200']['content']['application/json']['data'][number];
export type GroupDetail =
  paths['/admin/v1/prompt-cache/{group}']['get']['responses']['200']['content']['application/json'];
export type Finding = GroupDetail['findings'][number];

export const STATE_TONES: Readonly<Record<string, Tone>> = { ok: 'good', low: 'warn', falling: 'bad' };

const CAUSES = ['hit', 'changed', 'unmarked', 'expired', 'concurrent', 'missed', 'first', 'short'] as const;
export type Cause = (typeof CAUSES)[number];
const KINDS = [
  'timestamp',
  'date',
  'id',
  'number',
  'whitespace',
  'key-order',
  'order',
  'added',
  'removed',
  'content',
] as const;
export type FindingKind = (typeof KINDS)[number];

/** Undefined for what a newer gateway says. */
export const causeOf = (text: string): Cause | undefined => CAUSES.find((cause) => cause === text);
export const kindOf = (text: string): FindingKind | undefined => KINDS.find((kind) => kind === text);

/** What could have been read from the cache of what was sent: read already, and lost. */
export function expectedRate(group: {
  readonly input_tokens_24h: number;
  readonly cached_tokens_24h: number;
  readonly lost_tokens_24h: number;
}): number | null {
  const { input_tokens_24h: input, cached_tokens_24h: cached, lost_tokens_24h: lost } = group;
  return input <= 0 ? null : Math.min(1, (cached + lost) / input);
}

/** A piece of a text: the same in both, or not. */
export interface Piece {
  readonly text: string;
  readonly differs: boolean;
  /** Where it stands among the pieces. */
  readonly place: 'front' | 'middle' | 'back';
}

/** Two short texts by what they begin and end with alike: what differs stands between. Whole signs, never halves. */
export function differing(earlier: string, later: string): { readonly earlier: Piece[]; readonly later: Piece[] } {
  const [from, to] = [Array.from(earlier), Array.from(later)];
  const most = Math.min(from.length, to.length);
  let front = 0;
  while (front < most && from[front] === to[front]) front += 1;
  let back = 0;
  while (back < most - front && from[from.length - 1 - back] === to[to.length - 1 - back]) back += 1;
  const pieces = (signs: readonly string[]): Piece[] =>
    [
      { text: signs.slice(0, front).join(''), differs: false, place: 'front' as const },
      { text: signs.slice(front, signs.length - back).join(''), differs: true, place: 'middle' as const },
      { text: signs.slice(signs.length - back).join(''), differs: false, place: 'back' as const },
    ].filter(({ text }) => text !== '');
  return { earlier: pieces(from), later: pieces(to) };
}
