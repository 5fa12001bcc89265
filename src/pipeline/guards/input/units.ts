import type { TextSlot } from '../slots/slot.ts';
import { type SlotView, viewOf } from '../slots/view.ts';

/** A slot, and what a reader takes from it. */
export interface ReadSlot {
  readonly slot: TextSlot;
  readonly view: SlotView;
  /** Its place in the body. */
  readonly at: number;
}

/** What belongs together: the parts of one message that are of one kind, or a text of its own. */
export interface Unit {
  readonly place: TextSlot['place'];
  readonly role: TextSlot['role'];
  readonly message: number;
  readonly parts: readonly ReadSlot[];
}

/** A text to scan, and where in it each slot begins. */
export interface ScanText {
  readonly text: string;
  readonly units: readonly Unit[];
  readonly parts: readonly ReadSlot[];
  /** Of each part. */
  readonly starts: readonly number[];
  /** Parts stand in it as they would for a reader who puts them together, and each is scanned by itself as well. */
  readonly isJoint: boolean;
}

/** With more texts than that, small ones are scanned together. */
const MOST_SINGLE = 256;
/** Until a text is that long, others are added to it; UTF-16 units. */
const FULL = 16_384;

export function readSlots(slots: readonly TextSlot[]): readonly ReadSlot[] {
  const read: ReadSlot[] = [];
  for (const slot of slots) read.push({ slot, view: viewOf(slot), at: read.length });
  return read;
}

export function unitsOf(slots: readonly ReadSlot[]): readonly Unit[] {
  const [first] = slots;
  if (first && slots.length === 1) {
    const { place, role, message } = first.slot;
    return [{ place, role, message, parts: slots }];
  }
  const units: Unit[] = [];
  const open = new Map<number, ReadSlot[]>();
  for (const read of slots) {
    const { place, role, message } = read.slot;
    const key = (message + 1) * 64 + PLACES.indexOf(place) * 8 + ROLES.indexOf(role);
    const isApart = message < 0 && role !== 'system';
    const parts = isApart ? undefined : open.get(key);
    if (parts) {
      parts.push(read);
      continue;
    }
    const begun = [read];
    open.set(key, begun);
    units.push({ place, role, message, parts: begun });
  }
  return units;
}

/** By their places here parts are told apart. */
const PLACES: readonly Unit['place'][] = ['input', 'tool-arguments', 'tool-results', 'retrieved'];
const ROLES: readonly Unit['role'][] = ['system', 'user', 'assistant', 'tool', 'none'];

/** What a unit says as a whole. */
export function textOf({ parts }: Unit): string {
  return parts.map(({ view }) => view.text).join('\n');
}

/**
 * What has to be scanned so that each slot is. Parts of a message are also scanned together, after they were alone, with a
 * line's end between them and without: providers put them together, and nothing may hide by being cut.
 */
export function scanTexts(units: readonly Unit[]): readonly ScanText[] {
  let count = 0;
  for (const { parts } of units) count += parts.length;
  if (count > MOST_SINGLE) return together(units);
  const texts: ScanText[] = [];
  for (const unit of units) {
    for (const part of unit.parts) texts.push(joined([unit], [part], '', false));
    if (unit.parts.length > 1) {
      texts.push(joined([unit], unit.parts, '\n', true), joined([unit], unit.parts, '', true));
    }
  }
  return texts;
}

/** Many small texts as few large ones of one place; a message is never cut. */
function together(units: readonly Unit[]): readonly ScanText[] {
  const texts: ScanText[] = [];
  let batch: Unit[] = [];
  let length = 0;
  const close = (): void => {
    const parts = batch.flatMap((unit) => unit.parts);
    if (parts.length === 0) return;
    texts.push(joined(batch, parts, '\n', false));
    if (batch.some((unit) => unit.parts.length > 1)) texts.push(joined(batch, parts, '', true));
    batch = [];
    length = 0;
  };
  for (const unit of units) {
    if (length > FULL || (batch[0] && batch[0].place !== unit.place)) close();
    batch.push(unit);
    for (const { view } of unit.parts) length += view.text.length + 1;
  }
  close();
  return texts;
}

function joined(units: readonly Unit[], parts: readonly ReadSlot[], between: string, isJoint: boolean): ScanText {
  const [only] = parts;
  if (only && parts.length === 1) return { text: only.view.text, units, parts, starts: [0], isJoint };
  const starts: number[] = [];
  let at = 0;
  for (const { view } of parts) {
    starts.push(at);
    at += view.text.length + between.length;
  }
  return { text: parts.map(({ view }) => view.text).join(between), units, parts, starts, isJoint };
}

/** The parts that a stretch of a scanned text is of, and where it stands in each. */
export function partsAt(
  { parts, starts }: ScanText,
  start: number,
  end: number,
): readonly { readonly part: ReadSlot; readonly start: number; readonly end: number }[] {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= start) low = middle;
    else high = middle - 1;
  }
  const found = [];
  for (let at = low; at < parts.length; at += 1) {
    const part = parts[at];
    const from = starts[at] ?? 0;
    if (!part || from >= end) break;
    const inside = { part, start: Math.max(0, start - from), end: Math.min(part.view.text.length, end - from) };
    if (inside.start < inside.end) found.push(inside);
  }
  return found;
}
