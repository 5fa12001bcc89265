import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { MARKER_BYTES } from './entry-codec.ts';

/** One file of a journal: entries, one after the other, and nothing else. */
export interface Segment {
  readonly path: string;
  /** Which journal it is of; each process writes one of its own. */
  readonly journal: string;
  /** Counts up, over all journals of a folder. */
  readonly number: number;
}

/** What is known of a segment's end. */
export interface SegmentState extends Segment {
  /** Bytes that are on the disk for good. */
  readonly limit: number;
  /** Nothing comes after the limit any more. */
  readonly isClosed: boolean;
  /** It was left by an earlier process, or one that died. */
  readonly isInherited: boolean;
  /** How far it was taken over, where that is known. */
  readonly drained?: number;
}

const SUFFIX = '.journal';
const NAME = /^(\d{10})-([\da-f]{32})\.journal$/;

/** @param before a journal whose marker it has, too: entries that were made for that one fit into this one */
export function newJournalId(before?: string): string {
  const fresh = randomBytes(16).toString('hex');
  return before === undefined ? fresh : before.slice(0, 2 * MARKER_BYTES) + fresh.slice(2 * MARKER_BYTES);
}

/** What entries of a journal begin with. It follows from the name, so that no damage inside a file can make all of it unreadable. */
export function markerOf(journal: string): Buffer {
  return Buffer.from(journal.slice(0, 2 * MARKER_BYTES), 'hex');
}

/** The name sorts by number. */
export function segmentPath(folder: string, journal: string, number: number): string {
  return join(folder, `${String(number).padStart(10, '0')}-${journal}${SUFFIX}`);
}

/** The segments of a folder, the oldest first; none where there is no such folder. */
export function listSegments(folder: string): SegmentState[] {
  return namesIn(folder)
    .toSorted()
    .flatMap((name) => {
      const [, number, journal] = NAME.exec(name) ?? [];
      if (number === undefined || journal === undefined) return [];
      const path = join(folder, name);
      const limit = statSync(path, { throwIfNoEntry: false })?.size;
      return limit === undefined
        ? []
        : [{ path, journal, number: Number(number), limit, isClosed: true, isInherited: true }];
    });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
