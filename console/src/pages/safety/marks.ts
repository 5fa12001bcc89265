import type { Found } from './wire.ts';

/** A stretch of a text, and what was found that covers it. */
export interface MarkedPiece {
  readonly text: string;
  readonly found: readonly Found[];
}

/** Whether it stands in this text where it says: texts that guards read in another form are not marked. */
function standsIn(text: string, { start, end, text: shown }: Found): boolean {
  return start < end && end <= text.length && text.slice(start, end).startsWith(shown);
}

/** The text in pieces, each with all that was found there. */
export function markedPieces(text: string, found: readonly Found[]): MarkedPiece[] {
  const placed = found.filter((one) => standsIn(text, one));
  const bounds = new Set([0, text.length, ...placed.flatMap(({ start, end }) => [start, end])]);
  const sorted = [...bounds].toSorted((one, other) => one - other);
  return sorted.slice(0, -1).map((start, at) => {
    const end = sorted[at + 1] ?? text.length;
    return { text: text.slice(start, end), found: placed.filter((one) => one.start <= start && one.end >= end) };
  });
}

/** One text of a request with something found in it. */
export interface FoundText {
  /** A JSON pointer; empty of a text by itself. */
  readonly path: string;
  readonly place: string;
  /** Undefined where there is no such text in the request, as it was read in another form. */
  readonly text: string | undefined;
  readonly found: readonly Found[];
}

/** @param textAt the text at a path */
export function foundByText(found: readonly Found[], textAt: (path: string) => string | undefined): FoundText[] {
  const byPath = new Map<string, Found[]>();
  for (const one of found) {
    const key = `${one.place} ${one.path}`;
    byPath.set(key, [...(byPath.get(key) ?? []), one]);
  }
  return [...byPath.values()].flatMap((own) => {
    const [first] = own;
    return first === undefined ? [] : [{ path: first.path, place: first.place, text: textAt(first.path), found: own }];
  });
}

/** What stands at a JSON pointer (RFC 6901), where that is a text. */
export function textAtPointer(value: unknown, pointer: string): string | undefined {
  if (pointer !== '' && !pointer.startsWith('/')) return undefined;
  const steps = pointer === '' ? [] : pointer.slice(1).split('/');
  let at = value;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return typeof at === 'string' ? at : undefined;
}
