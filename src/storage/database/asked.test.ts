import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { drizzle } from '../drizzle/connection.ts';
import { sql } from '../drizzle/queries.ts';
import { copyPreparedDatabase } from '../../../test/support/prepared-database.ts';
import { Pool } from 'pg';

import { asked } from './asked.ts';
import { type Database, openDatabase } from './database.ts';

const AWAY = { code: 'storage_unavailable' };
const { promise: answersAgain, resolve: sayAgain } = Promise.withResolvers<void>();
const log = { info: () => sayAgain(), warn: () => {}, error: () => {} };
const dataDir = mkdtempSync(join(tmpdir(), 'causeway-asked-'));
let database: Database;

before(async () => {
  copyPreparedDatabase(dataDir);
  database = await openDatabase({ dataDir, url: undefined, log });
});
after(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true });
});

describe('what is asked of the database', () => {
  test('is away while the engine is gone, in the middle of a query too', async () => {
    const pid = database.enginePid;
    assert.ok(pid);
    const running = asked(database.orm.execute(sql`SELECT pg_sleep(30)`));
    process.kill(pid, 'SIGKILL');
    await assert.rejects(running, AWAY);
    await assert.rejects(asked(database.orm.execute(sql`SELECT 1`)), AWAY);
  });

  test('is away where nobody listens, and after the end', async () => {
    const nowhere = new Pool({ host: dataDir });
    await assert.rejects(asked(drizzle({ client: nowhere }).execute(sql`SELECT 1`)), AWAY);
    await nowhere.end();
    await assert.rejects(asked(drizzle({ client: nowhere }).execute(sql`SELECT 1`)), AWAY);
  });

  test('is not away where the statement is refused, or the code of a transaction throws', async () => {
    await answersAgain;
    await assert.rejects(asked(database.orm.execute(sql`SELECT 1 / 0`)), (error: Error) => 'query' in error);
    const own = new Error('our own');
    await assert.rejects(asked(database.orm.transaction(() => Promise.reject(own))), own);
  });
});
