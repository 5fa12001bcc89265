import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { type LockHolder, readHolder } from '../../storage/database/folder-lock.ts';
import { OpenSegments } from './drain/open-segments.ts';
import { offsetIn } from './drain/positions.ts';
import { LOCK_NAME, foldersIn } from './journal-folder.ts';
import type { JournalPosition } from './position-store.ts';
import { type SegmentState, listSegments } from './segment.ts';
import { openSegment } from './segment-file.ts';
import type { SegmentReader } from './segment-reader.ts';

/** What is in the folder of one process. */
export interface FolderReport {
  readonly number: string;
  readonly path: string;
  /** Whoever has it, living or dead. */
  readonly holder: LockHolder | undefined;
  readonly segments: number;
  readonly bytes: number;
  /** Records that are not in the database; without positions, all that are in the files. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Epoch milliseconds at which the oldest of them was appended. */
  readonly oldestAt: number | undefined;
  readonly damagedBytes: number;
  /** Files that were set aside since the disk did not give them back. */
  readonly unreadable: number;
}

/** Ids of all journals of which there are files. */
export function journalsIn(root: string): string[] {
  return [...new Set(foldersOf(root).flatMap((folder) => listSegments(folder).map(({ journal }) => journal)))];
}

/**
 * Reads all journal folders as they are, whoever writes to them meanwhile.
 * @param positions what the database has taken over, by journal
 */
export function inspectJournal(root: string, positions: ReadonlyMap<string, JournalPosition>): FolderReport[] {
  return foldersOf(root).map((path) => {
    const parts = listSegments(path).map((segment) => inspectSegment(segment, positions.get(segment.journal)));
    const sum = (key: 'bytes' | 'waiting' | 'waitingBytes' | 'damagedBytes'): number =>
      parts.reduce((total, part) => total + part[key], 0);
    const ages = parts.flatMap(({ oldestAt }) => oldestAt ?? []);
    return {
      number: basename(path),
      path,
      holder: readHolder(join(path, LOCK_NAME)),
      segments: parts.length,
      bytes: sum('bytes'),
      waiting: sum('waiting'),
      waitingBytes: sum('waitingBytes'),
      oldestAt: ages.length === 0 ? undefined : Math.min(...ages),
      damagedBytes: sum('damagedBytes'),
      unreadable: readdirSync(path).filter((name) => name.endsWith('.unreadable')).length,
    };
  });
}

function foldersOf(root: string): string[] {
  return existsSync(root) ? foldersIn(root) : [];
}

function inspectSegment(segment: SegmentState, position: JournalPosition | undefined) {
  const { limit } = segment;
  const from = offsetIn(segment, limit, position);
  let [waiting, damagedBytes] = [0, 0];
  let oldestAt: number | undefined;
  let at = from;
  withFile(segment, (reader) => {
    for (let found = reader.next(at, limit); found; found = reader.next(at, limit)) {
      if (found.kind === 'damage') damagedBytes += found.end - at;
      if (found.kind === 'entry') {
        waiting += 1;
        oldestAt = Math.min(oldestAt ?? found.appendedAt, found.appendedAt);
      }
      at = found.end;
    }
  });
  return { bytes: limit, waiting, waitingBytes: at - from, damagedBytes, oldestAt };
}

/** A file that is gone meanwhile was taken over. */
function withFile(segment: SegmentState, use: (reader: SegmentReader) => void): void {
  const open = new OpenSegments(openSegment);
  try {
    const reader = open.reader(segment);
    if (reader) use(reader);
  } finally {
    open.closeAll();
  }
}
