import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { Client } from 'pg';

import { noPostgres } from '../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../test/support/traces-database.ts';
import { migrate } from './migrate.ts';

/** What was logged, and a promise of the next line. */
function watchedLog() {
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  const line = (_facts: object, message = ''): void => {
    lines.push(message);
    for (const heard of waiting.splice(0)) heard();
  };
  return {
    lines,
    log: { info: line, warn: line, error: line },
    next: () => new Promise<void>((heard) => waiting.push(heard)),
  };
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`migrations of the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    before(async () => (opened = await openTracesDatabase(kind)));
    after(() => opened.close());
    beforeEach(() =>
      opened.database.pool.query(
        'drop schema if exists drizzle cascade; drop schema public cascade; create schema public',
      ),
    );

    test('of several that start at once on an empty database one runs them', async () => {
      const results = await Promise.all(Array.from({ length: 5 }, () => migrate(opened.database)));
      const workers = results.filter(({ applied }) => applied.length > 0);
      assert.equal(workers.length, 1);
      assert.equal(workers[0]?.applied[0], '0000_init');
      await opened.database.pool.query('select * from api_keys, traces, revisions');
    });

    test('nothing is there where one of them fails', async () => {
      await opened.database.pool.query('create table price_rows (mine int)');
      await assert.rejects(migrate(opened.database));
      const { rows } = await opened.database.pool.query("select to_regclass('api_keys') as keys");
      assert.deepEqual(rows, [{ keys: null }]);
    });

    test('what a newer version has run is told, and stays', async () => {
      await migrate(opened.database);
      await opened.database.pool.query(
        "insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 9000000000000)",
      );
      const { lines, log } = watchedLog();
      assert.deepEqual(await migrate(opened.database, { log }), { applied: [], unknown: 1 });
      assert.match(lines.join(), /newer version/);
    });
  });
}

describe('the lock of migrations', { skip: noPostgres }, () => {
  let opened: TracesDatabase;
  let holder: Client;
  before(async () => {
    opened = await openTracesDatabase('postgres');
    holder = new Client(opened.database.connection);
    await holder.connect();
  });
  after(async () => {
    await holder.end();
    await opened.close();
  });

  /** The number under which a migration waits, taken from one that does. */
  async function hold(): Promise<void> {
    await holder.query('begin');
    await holder.query('select pg_advisory_xact_lock(7203118445)');
  }

  test('is waited for, which is said, and then all goes on', async () => {
    await hold();
    const { lines, log, next } = watchedLog();
    const said = next();
    const migrated = migrate(opened.database, { log });
    await said;
    assert.match(lines[0] ?? '', /waiting/);
    await holder.query('commit');
    assert.deepEqual(await migrated, { applied: [], unknown: 0 });
  });

  test('is not waited for for ever', async () => {
    await hold();
    await assert.rejects(migrate(opened.database, { waitMs: 20 }), /Another process .* 0\.02 s/);
    await holder.query('rollback');
  });
});
