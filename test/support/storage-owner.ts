/**
 * A process that owns an embedded database and writes to it until it is killed: prints the engine's process number,
 * then each number when its row was acknowledged.
 */
import { openDatabase } from '../../src/storage/database/database.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };

const database = await openDatabase({ dataDir: process.argv[2] ?? '', url: undefined, log });
await database.pool.query('CREATE TABLE written (n int PRIMARY KEY)');
process.stdout.write(`engine ${database.enginePid}\n`);
for (let n = 1; ; n += 1) {
  await database.pool.query('INSERT INTO written VALUES ($1)', [n]);
  process.stdout.write(`${n}\n`);
}
