import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The system's limit is 104 bytes on macOS and 108 on Linux, the ending zero included. */
const MAX_PATH_BYTES = 100;

/** The name that the `pg` driver looks for in a folder given as `host`. */
const SOCKET_PORT = 5432;
export const SOCKET_NAME = `.s.PGSQL.${SOCKET_PORT}`;

/** A folder for the socket of this data folder: inside it, or under the temporary folder where that path is too long. */
export function socketFolderFor(dataDir: string): string {
  const inside = join(dataDir, 'socket');
  if (Buffer.byteLength(join(inside, SOCKET_NAME)) <= MAX_PATH_BYTES) return inside;
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(tmpdir(), `causeway-${hash}`);
}

/** Makes the folder for this user alone. A temporary folder is everybody's, so one that somebody else made is refused. */
export function prepareSocketFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const owner = statSync(folder).uid;
  if (process.getuid && owner !== process.getuid()) {
    throw new Error(`The folder ${folder} belongs to another user (${owner}), so the database cannot listen there.`);
  }
  chmodSync(folder, 0o700);
}
