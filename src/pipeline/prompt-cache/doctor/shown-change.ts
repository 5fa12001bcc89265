import { type JsonObject, isJsonObject, parseJson } from '../../../core/json.ts';
import { REDACTED, redactSecrets } from '../../../core/redaction.ts';
import type { RecordPolicy } from '../../../records/journal/record.ts';
import { redactTexts } from '../../../records/redaction/redact-texts.ts';
import { boundedJson } from './bounded-json.ts';
import { type ChangeKind, type Guess, guessChange } from './change-kind.ts';
import type { Divergence } from './compare.ts';
import type { SeenSegment } from './seen-prompt.ts';

/** The texts at which two prompts part, as an operator may see them. */
export interface ShownTexts {
  /** What both have before it. */
  readonly lead: string;
  readonly earlier: string;
  readonly later: string;
  /** How clean they are: as texts of a project that keeps them so. */
  readonly bodies: KeptBodies;
}

type KeptBodies = 'full' | 'redacted';

export interface DescribedChange {
  readonly kind: ChangeKind;
  /** Undefined where no texts of the project are kept. */
  readonly shown: ShownTexts | undefined;
}

/** How much is looked at on each side: secrets are known by what stands around them. */
const AROUND = 400;
const LEAD_CHARS = 20;

/** What the difference is, and its texts as far as the policy of the project lets them be kept. */
export function describeChange(divergence: Divergence, policy: RecordPolicy): DescribedChange {
  const { shape, earlier, later, byteOffset } = divergence;
  const texts = textsAround(earlier, later, byteOffset);
  const guess = guessChange(texts);
  const kind = kindOf(divergence, guess);
  const bodies = keptBodies(policy);
  if (!bodies) return { kind, shown: undefined };
  const clean = bodies === 'full' ? redactSecrets : redactTexts;
  const { lead } = texts;
  const from = lead.length - guess.back;
  const show = (text: string, end: number, start = from): string =>
    cleanPart(lead + text, start, lead.length + end, clean);
  return {
    kind,
    shown: {
      lead: cleanPart(lead + texts.earlier, Math.max(0, from - LEAD_CHARS), from, clean),
      earlier: shape === 'inserted' ? '' : show(texts.earlier, guess.earlierEnd),
      later: shape === 'removed' ? '' : show(texts.later, guess.laterEnd),
      bodies,
    },
  };
}

/** Whether they may be seen still: the policy may be another one since. */
export function mayBeSeen({ bodies }: ShownTexts, policy: RecordPolicy): boolean {
  const kept = keptBodies(policy);
  return kept === 'full' || kept === bodies;
}

/** Undefined where no texts of the project are kept. */
function keptBodies({ bodies, sample }: RecordPolicy): KeptBodies | undefined {
  return (bodies === 'full' || bodies === 'redacted') && sample > 0 ? bodies : undefined;
}

function kindOf({ shape, earlier, later }: Divergence, guess: Guess): ChangeKind {
  if (shape === 'reordered') return 'order';
  if (shape !== 'changed') return shape === 'inserted' ? 'added' : 'removed';
  return haveOtherKeyOrder(earlier, later) ? 'key-order' : guess.kind;
}

/** Characters of both texts around the byte; where it is inside a character, that one belongs to the difference. */
function textsAround(earlier: SeenSegment, later: SeenSegment, byteOffset: number) {
  const at = beginOfCharacter(later.bytes, byteOffset, earlier.bytes);
  const from = beginOfCharacter(later.bytes, Math.max(0, at - AROUND), later.bytes);
  const lead = later.bytes.toString('utf8', from, at);
  const rest = ({ bytes }: SeenSegment): string => bytes.toString('utf8', at, Math.min(bytes.length, at + AROUND));
  return { lead, earlier: rest(earlier), later: rest(later) };
}

/** Both have the same bytes before it, so that either tells where a character begins. */
function beginOfCharacter(bytes: Buffer, at: number, other: Buffer): number {
  let start = at;
  const isInside = (place: number): boolean => ((bytes[place] ?? other[place] ?? 0) & 0xc0) === 0x80;
  while (start > 0 && isInside(start)) start -= 1;
  return start;
}

/** Longer ones are keys and other secrets, of which the part that is looked at may not be enough to be known by. */
const LONG_WORD = /[\w+/=.~-]{41,}/g;

/** A part of the text, unless something in it has to be taken out. */
function cleanPart(text: string, from: number, to: number, clean: (text: string) => string): string {
  const part = text.slice(from, to);
  for (const word of text.matchAll(LONG_WORD)) {
    if (word.index < to && word.index + word[0].length > from) return REDACTED;
  }
  const kept = clean(text);
  if (kept === text) return part.toWellFormed();
  return isUntouched(text, kept, from, to) ? part.toWellFormed() : REDACTED;
}

/** Whether all that was taken out stands before the part, or behind it. */
function isUntouched(text: string, kept: string, from: number, to: number): boolean {
  let start = 0;
  while (start < kept.length && text[start] === kept[start]) start += 1;
  if (start >= to) return true;
  let end = 0;
  while (end < kept.length - start && text.at(-1 - end) === kept.at(-1 - end)) end += 1;
  return text.length - end <= from;
}

function haveOtherKeyOrder(earlier: SeenSegment, later: SeenSegment): boolean {
  if (earlier.length !== later.length || earlier.bytes.length !== earlier.length || earlier.bytes[0] !== 0x7b)
    return false;
  const [one, other] = [parseJson(earlier.bytes.toString()), parseJson(later.bytes.toString())];
  return isJsonObject(one) && isJsonObject(other) && boundedJson(one, inOrder) === boundedJson(other, inOrder);
}

/** The same for all objects that differ in the order of keys alone. */
function inOrder(object: JsonObject) {
  return Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
