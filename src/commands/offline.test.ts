import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { copyPreparedDatabase } from '../../test/support/prepared-database.ts';
import { openDatabase } from '../storage/database/database.ts';
import { migrate } from '../storage/migrate.ts';
import { readDatabase } from './offline.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const folder = mkdtempSync(join(tmpdir(), 'causeway-offline-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const read = (dataDir: string): Promise<string> =>
  readDatabase({ CAUSEWAY_DATA_DIR: dataDir }, () => Promise.resolve('read'));

test('who only reads makes no database in a folder that has none, and is told which folder that is', async () => {
  const dataDir = join(folder, 'mistyped');
  await assert.rejects(read(dataDir), (error: Error) => {
    assert.ok(error instanceof RangeError && error.message.includes(dataDir), error.message);
    assert.match(error.message, /There is no database .* Set CAUSEWAY_DATA_DIR/);
    return true;
  });
  assert.ok(!existsSync(dataDir));
});

test('who only reads brings no table up to date, and reads none of another version', async (context) => {
  const dataDir = join(folder, 'data');
  copyPreparedDatabase(dataDir);
  const database = await openDatabase({ dataDir, url: undefined, log });
  context.after(() => database.close());
  await migrate(database);
  const migrations = 'drizzle.__drizzle_migrations';
  const { pool } = database;
  const rows = async (): Promise<number> => (await pool.query(`select 1 from ${migrations}`)).rows.length;
  const all = await rows();
  assert.equal(await read(dataDir), 'read');

  await pool.query(`update ${migrations} set created_at = -created_at where created_at > 0 and id = 1`);
  await assert.rejects(read(dataDir), /lacks 1 migrations.*causeway migrate/);
  assert.equal(await rows(), all);
  await pool.query(`update ${migrations} set created_at = -created_at where id = 1`);

  await pool.query(`insert into ${migrations} (hash, created_at) values ('x', 9999999999999)`);
  await assert.rejects(read(dataDir), /A newer version of Causeway has used the database in/i);
  assert.equal(await rows(), all + 1);
});

test('a server that does not answer is named, without the password', async () => {
  const url = 'postgres://ada:secret@127.0.0.1:1/records';
  await assert.rejects(
    readDatabase({ DATABASE_URL: url }, () => Promise.resolve()),
    /^GatewayError: PostgreSQL at 127\.0\.0\.1:1\/records does not answer\. Start it/,
  );
});
