import { accessSync, constants, statSync, statfsSync } from 'node:fs';
import { resolve } from 'node:path';

import { type FolderReport } from '../../records/journal/inspect.ts';
import { databaseLockOf } from '../../storage/database/database.ts';
import { type LockHolder, readHolder } from '../../storage/database/folder-lock.ts';
import { isAlive, thisHost } from '../../storage/database/process-identity.ts';
import { snapshotFileOf } from '../../whereabouts.ts';
import { type Finding, ageText, fail, messageOf, ok, sizeText, warn } from './check.ts';

const LITTLE_SPACE = 1024 ** 3;
const NO_SPACE = 100 * 1024 ** 2;

/** The folder that everything is kept in which outlives the process. */
export function dataFolder(dataDir: string): Finding {
  const path = resolve(dataDir);
  if (!statSync(path, { throwIfNoEntry: false })) {
    return warn(`${path} is not there yet`, 'A start makes it. If one has run before, correct CAUSEWAY_DATA_DIR.');
  }
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return fail(`${path} cannot be written by this user`, 'Give it to the user that the gateway runs as.');
  }
  const { bavail, bsize, blocks } = statfsSync(path);
  const free = bavail * bsize;
  const text = `${path} can be written; ${sizeText(free)} free of ${sizeText(blocks * bsize)}`;
  if (free < NO_SPACE) return fail(text, 'Make room: soon nothing can be recorded any more.');
  return free < LITTLE_SPACE ? warn(text, 'Make room before the disk is full.') : ok(text);
}

/** Whether texts can be made vectors of by the model of a mounted folder. */
export async function vectorsOf(folder: string): Promise<Finding> {
  // It loads what few installations have.
  const { openOnnxEncoder } = await import('../../models/vectors/embed/onnx-encoder.ts');
  try {
    const { dimensions } = await openOnnxEncoder(folder);
    return ok(`${resolve(folder)} makes vectors of ${dimensions} numbers`);
  } catch (error) {
    return fail(
      messageOf(error),
      'Until then the semantic cache answers nothing, and every request goes to its model.',
    );
  }
}

/** Who has the embedded database of the folder. */
export function folderLock(dataDir: string): Finding {
  const path = databaseLockOf(resolve(dataDir));
  const holder = readHolder(path);
  if (!holder) return ok('no process has the data folder');
  if (stateOf(holder) === 'dead') {
    return ok(`process ${holder.owner.pid}, which is dead, had the data folder; the next start takes it over`);
  }
  return ok(`${holderText(holder)} has the data folder`);
}

type HolderState = 'living' | 'dead' | 'elsewhere';

export function stateOf(holder: LockHolder): HolderState {
  if (holder.host !== thisHost) return 'elsewhere';
  return isAlive(holder.owner) ? 'living' : 'dead';
}

function holderText(holder: LockHolder): string {
  const process = `process ${holder.owner.pid}`;
  return stateOf(holder) === 'elsewhere' ? `${process} on ${holder.host}` : process;
}

/** Without a database that waits this long is nothing unusual … */
const OLD_MS = 60_000;
/** … and this long is. */
const VERY_OLD_MS = 15 * 60_000;
const NEARLY_FULL = 0.8;
const HALF_FULL = 0.5;

interface JournalFacts {
  readonly maxSize: number;
  readonly now: number;
  /** Whether the database told how far it is; without that, everything in the files counts as waiting. */
  readonly isPositionKnown: boolean;
}

/** One folder of the journal. */
export function journalFolder(report: FolderReport, { maxSize, now, isPositionKnown }: JournalFacts): Finding {
  const { holder, segments, bytes, waiting, waitingBytes, oldestAt, damagedBytes, unreadable } = report;
  const age = oldestAt === undefined ? 0 : Math.max(0, now - oldestAt);
  const files = `${segments} ${segments === 1 ? 'file' : 'files'}, ${sizeText(bytes)}`;
  const waits = waiting === 0 ? 'no record waits' : `${waiting} records wait, the oldest for ${ageText(age)}`;
  const known = isPositionKnown || waiting === 0 ? '' : ' (at most: how far the database is was not to be learnt)';
  const text = `${holder ? `of ${holderText(holder)}` : 'of no process'}; ${files}; ${waits}${known}`;
  const fill = waitingBytes / maxSize;
  if (fill >= NEARLY_FULL) {
    const left = `${Math.round(fill * 100)} % of records.journal.maxSize are used`;
    return fail(`${text}; ${left}`, 'Bring the database back: texts are left out already, records come next.');
  }
  if (damagedBytes > 0 || unreadable > 0) {
    const damage = `${sizeText(damagedBytes)} are damaged, ${unreadable} files were set aside`;
    return warn(`${text}; ${damage}`, 'Check the disk: what is damaged is lost, everything else is taken over.');
  }
  const isLost = !holder || stateOf(holder) === 'dead';
  if (waiting > 0 && isLost) {
    return warn(`${text}; its process is gone`, 'Start a gateway on this data folder: it takes them over.');
  }
  if (age > VERY_OLD_MS) return fail(text, 'The gateway cannot write to the database: see its log, and the database.');
  if (age > OLD_MS || fill >= HALF_FULL) return warn(text, 'The database is slow or away: see the lines on it.');
  return ok(text);
}

/** What a start without PostgreSQL goes on from. */
export function snapshot(dataDir: string, now: number): Finding {
  const path = snapshotFileOf(resolve(dataDir));
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat)
    return ok(`keys and settings were saved ${ageText(now - stat.mtimeMs)} ago, for a start without PostgreSQL`);
  return warn(
    'there is none, so that a start needs PostgreSQL',
    'A gateway that runs makes it; see its log if it does not.',
  );
}
