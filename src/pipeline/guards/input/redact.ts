import type { TextSlot } from '../slots/slot.ts';
import type { Replacement } from '../slots/view.ts';
import type { Vault } from '../vault/vault.ts';
import type { Pace } from './pace.ts';
import type { Redaction } from './scan-request.ts';
import type { ReadSlot } from './units.ts';

/** What a slot becomes. */
export interface Rewritten {
  readonly texts: ReadonlyMap<TextSlot, string>;
  /** How often something was replaced. */
  readonly count: number;
}

/**
 * Puts marks in the place of what was found, by all guards together. Marks are numbered in the order of the prompt, so
 * that the next turn of a conversation begins with the same ones.
 */
export async function redact(vault: Vault, redactions: readonly Redaction[], pace: Pace): Promise<Rewritten> {
  const texts = new Map<TextSlot, string>();
  let count = 0;
  if (redactions.length === 0) return { texts, count };
  for (const [{ slot, view }, found] of byPart(redactions)) {
    const replacements: Replacement[] = [];
    for (const { start, end, category, isReversible } of merged(found)) {
      const value = view.text.slice(start, end);
      const by = isReversible ? vault.mark(category, value) : vault.erase(category, value);
      replacements.push({ start, end, by });
      if (pace.isDue) await pace.rest();
    }
    count += replacements.length;
    texts.set(slot, view.rewrite(replacements));
    if (pace.isDue) await pace.rest();
  }
  return { texts, count };
}

function byPart(redactions: readonly Redaction[]): ReadonlyMap<ReadSlot, Redaction[]> {
  const parts = new Map<ReadSlot, Redaction[]>();
  for (const redaction of redactions) {
    const found = parts.get(redaction.part);
    if (found) found.push(redaction);
    else parts.set(redaction.part, [redaction]);
  }
  return new Map([...parts].toSorted(([a], [b]) => orderOf(a) - orderOf(b) || a.at - b.at));
}

/** What every turn begins with comes first: system prompts and tools. */
function orderOf({ slot }: ReadSlot): number {
  return slot.message < 0 ? 0 : 1;
}

/** What overlaps is one: all of it goes, under the name of the longest, and for good where one of them says so. */
function merged(redactions: readonly Redaction[]): readonly Redaction[] {
  const sorted = redactions.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const all: Redaction[] = [];
  for (const one of sorted) {
    const last = all.at(-1);
    if (!last || one.start >= last.end) {
      all.push(one);
      continue;
    }
    const longer = one.end - one.start > last.end - last.start ? one : last;
    all[all.length - 1] = {
      ...longer,
      start: last.start,
      end: Math.max(last.end, one.end),
      isReversible: last.isReversible && one.isReversible,
    };
  }
  return all;
}
