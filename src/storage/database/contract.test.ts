import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { copyPreparedDatabase } from '../../../test/support/prepared-database.ts';
import * as fc from '../../../test/support/fast-check.ts';
import { Client, type QueryResultRow } from 'pg';

import { noPostgres, startPostgres } from '../../../test/support/postgres-server.ts';
import { isJsonObject } from '../../core/json.ts';
import { migrate } from '../migrate.ts';
import { columnTypes, wholeNumber } from './column-types.ts';
import { type Database, openDatabase } from './database.ts';
import { storableJson, storableText } from './storable.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };

interface Backend {
  readonly database: Database;
  close(): Promise<void>;
}

async function openEmbedded(): Promise<Backend> {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-contract-'));
  copyPreparedDatabase(dataDir);
  const database = await openDatabase({ dataDir, url: undefined, log });
  return {
    database,
    async close() {
      await database.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

async function openServer(): Promise<Backend> {
  const server = await startPostgres();
  const database = await openDatabase({ dataDir: tmpdir(), url: server.url, log });
  return {
    database,
    async close() {
      await database.close();
      await server.close();
    },
  };
}

const BACKENDS = [
  { name: 'embedded', open: openEmbedded, skip: false },
  { name: 'PostgreSQL', open: openServer, skip: noPostgres },
] as const;

for (const { name, open, skip } of BACKENDS) {
  describe(`database contract on ${name}`, { skip }, () => {
    let backend: Backend;
    let database: Database;
    const others: Client[] = [];

    before(async () => {
      backend = await open();
      database = backend.database;
      await database.pool.query('CREATE TABLE things (id int PRIMARY KEY, text text, doc jsonb, big int8)');
    });

    after(async () => {
      for (const client of others) await client.end();
      await backend.close();
    });

    /** A connection of its own, as the records writer and the command line have it. */
    async function another(): Promise<Client> {
      const client = new Client({ ...database.connection, types: columnTypes });
      await client.connect();
      others.push(client);
      return client;
    }

    async function one(sql: string, values: unknown[] = []): Promise<QueryResultRow> {
      const { rows } = await database.pool.query(sql, values);
      assert.ok(rows[0]);
      return rows[0];
    }

    test('types come through the driver as everywhere', async () => {
      const row = await one(`SELECT true AS bool, 7 AS int4, 1.5::float8 AS float8, 2.50::numeric AS numeric,
        'ä€😀' AS text, null AS nothing, ARRAY['a', 'b'] AS list, '\\x00ff'::bytea AS bytes,
        timestamptz '2026-11-21 12:00:00.5+08' AS moment, '{"a": [1]}'::jsonb AS doc`);
      assert.deepEqual(
        { ...row },
        {
          bool: true,
          int4: 7,
          float8: 1.5,
          numeric: '2.50',
          text: 'ä€😀',
          nothing: null,
          list: ['a', 'b'],
          bytes: Buffer.from([0, 255]),
          moment: new Date('2026-11-21T04:00:00.500Z'),
          doc: { a: [1] },
        },
      );
    });

    test('parameters keep their types on the way in', async () => {
      const moment = new Date('2026-11-21T04:00:00.123Z');
      const row = await one(
        'SELECT $1::int8 AS big, $2::timestamptz AS moment, $3::bytea AS bytes, $4::text[] AS list',
        [Number.MAX_SAFE_INTEGER, moment, Buffer.from([0, 1, 255]), ['a,b', '"', '\\', '']],
      );
      assert.deepEqual(
        { ...row },
        { big: Number.MAX_SAFE_INTEGER, moment, bytes: Buffer.from([0, 1, 255]), list: ['a,b', '"', '\\', ''] },
      );
    });

    test('int8 comes as a number, and is refused where that would be another number', async () => {
      assert.deepEqual({ ...(await one('SELECT 9007199254740991::int8 AS big')) }, { big: Number.MAX_SAFE_INTEGER });
      await assert.rejects(one('SELECT 9007199254740993::int8 AS big'), RangeError);
      const { sum } = await one('SELECT sum(n) AS sum FROM (VALUES (1::int8), (2::int8)) AS v(n)');
      assert.equal(wholeNumber(sum), 3);
    });

    test('any JSON value comes back from jsonb as it was', async () => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
          const plain = JSON.parse(JSON.stringify(value));
          const { doc } = await one('SELECT jsonb_build_array($1::jsonb) AS doc', [storableJson(plain)]);
          assert.deepEqual(doc, [plain]);
        }),
        { numRuns: 50 },
      );
    });

    test('NUL is refused in text and jsonb, the connection goes on, and storable text is taken', async () => {
      await assert.rejects(one('SELECT $1::text AS text', ['a\0b']), { code: '22021' });
      await assert.rejects(one('SELECT $1::jsonb AS doc', [JSON.stringify({ 'a\0': 'b\0c' })]), { code: '22P05' });
      const row = await one('SELECT $1::text AS text, $2::jsonb AS doc', [
        storableText('a\0b'),
        storableJson({ 'a\0': 'b\0c\ud800' }),
      ]);
      assert.deepEqual({ ...row }, { text: 'a\uFFFDb', doc: { 'a\uFFFD': 'b\uFFFDc\uFFFD' } });
    });

    test('a value of 1 MB goes in and out', async () => {
      const text = '€'.repeat(350_000);
      const row = await one('SELECT $1::text AS text, $2::jsonb AS doc', [text, JSON.stringify({ text })]);
      assert.equal(row['text'], text);
      assert.ok(isJsonObject(row['doc']));
      assert.equal(row['doc']['text'], text);
    });

    test('an error leaves the connection as it was', async () => {
      const client = await another();
      await assert.rejects(client.query('SELEC 1'), { code: '42601' });
      await assert.rejects(client.query('SELECT $1::int', ['x']), { code: '22P02' });
      await client.query('INSERT INTO things (id) VALUES (1)');
      await assert.rejects(client.query('INSERT INTO things (id) VALUES ($1)', [1]), { code: '23505' });
      const { rows } = await client.query('SELECT $1::text AS text', ['still here']);
      assert.deepEqual(rows, [{ text: 'still here' }]);
    });

    test('an error inside a transaction ends in nothing of it, and the connection goes on', async () => {
      await assert.rejects(
        database.orm.transaction(async (transaction) => {
          await transaction.execute('INSERT INTO things (id) VALUES (100)');
          await transaction.execute('INSERT INTO things (id) VALUES (100)');
        }),
      );
      assert.equal((await one('SELECT count(*) AS n FROM things WHERE id = 100'))['n'], 0);
    });

    test('a second connection never sees what a transaction has not committed', async () => {
      const writer = await another();
      const reader = await another();
      const count = () => reader.query('SELECT count(*) AS n FROM things WHERE id = 200');
      await writer.query('BEGIN');
      await writer.query('INSERT INTO things (id) VALUES (200)');
      // Embedded this waits for the end of the transaction, elsewhere it does not.
      const during = count();
      await writer.query("UPDATE things SET text = 'x' WHERE id = 200");
      await writer.query('ROLLBACK');
      assert.deepEqual((await during).rows, [{ n: 0 }]);
      await writer.query('BEGIN');
      await writer.query('INSERT INTO things (id) VALUES ($1)', [200]);
      await writer.query('COMMIT');
      assert.deepEqual((await count()).rows, [{ n: 1 }]);
    });

    test('transactions of three connections, one each, neither deadlock nor lose an update', async () => {
      await database.pool.query('INSERT INTO things (id, big) VALUES (300, 0)');
      const clients = await Promise.all([another(), another(), another()]);
      await Promise.all(
        clients.map(async (client) => {
          for (let round = 0; round < 20; round += 1) {
            await client.query('BEGIN');
            const { rows } = await client.query('SELECT big FROM things WHERE id = $1 FOR UPDATE', [300]);
            await client.query('UPDATE things SET big = $1 WHERE id = 300', [rows[0]?.big + 1]);
            await client.query('COMMIT');
          }
        }),
      );
      assert.equal((await one('SELECT big FROM things WHERE id = 300'))['big'], 60);
    });

    test('large statements of two connections at once each get their own answer', async () => {
      const clients = await Promise.all([another(), another()]);
      await Promise.all(
        clients.map(async (client, index) => {
          for (let round = 0; round < 25; round += 1) {
            // Longer than one read of a socket, so that the messages of one query arrive in pieces.
            const text = `${index}/${round}/${'x'.repeat(300_000)}`;
            const { rows } = await client.query(`SELECT $1::text AS text, ${index} AS index`, [text]);
            assert.ok(rows[0]?.text === text && rows[0].index === index, `connection ${index}, round ${round}`);
          }
        }),
      );
    });

    test('a connection that vanishes inside a transaction leaves nothing, and nobody waits for it', async () => {
      const client = new Client(database.connection);
      client.on('error', () => {});
      await client.connect();
      await client.query('BEGIN');
      await client.query('INSERT INTO things (id) VALUES (400)');
      const unanswered = client.query("UPDATE things SET text = 'x' WHERE id = 400").catch(() => {});
      streamOf(client).destroy();
      await unanswered;
      assert.equal((await one('SELECT count(*) AS n FROM things WHERE id = 400'))['n'], 0);
    });

    test('a connection that vanishes while its BEGIN is on the way does not keep the session', async () => {
      for (let round = 0; round < 20; round += 1) {
        const client = new Client(database.connection);
        client.on('error', () => {});
        await client.connect();
        const unanswered = client.query('BEGIN').catch(() => {});
        streamOf(client).end(() => streamOf(client).destroy());
        await unanswered;
      }
      assert.equal((await one('SELECT 1 AS one'))['one'], 1);
    });

    test('a batch of 500 rows in one statement', async () => {
      const ids = Array.from({ length: 500 }, (_, index) => 1000 + index);
      const places = ids.map((_, index) => `($${index * 2 + 1}, $${index * 2 + 2}::jsonb)`);
      const values = ids.flatMap((id) => [id, JSON.stringify({ id, text: 'x'.repeat(2000) })]);
      await database.pool.query(`INSERT INTO things (id, doc) VALUES ${places.join(',')}`, values);
      assert.equal(
        (await one("SELECT count(*) AS n FROM things WHERE id >= 1000 AND (doc->>'id')::int = id"))['n'],
        500,
      );
    });

    test('the posted connection data lets a worker thread write', async () => {
      const source = `
        const { workerData, parentPort } = require('node:worker_threads');
        const { Client } = require(workerData.pg);
        const client = new Client(workerData.connection);
        client.connect()
          .then(() => client.query('INSERT INTO things (id) VALUES (500)'))
          .then(() => client.end())
          .then(() => parentPort.postMessage('written'));`;
      const pg = new URL(import.meta.resolve('pg')).pathname.replace(/esm\/index\.mjs$/, 'lib/index.js');
      const worker = new Worker(source, { eval: true, workerData: { connection: database.connection, pg } });
      const answer = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      assert.equal(answer, 'written');
      assert.equal((await one('SELECT count(*) AS n FROM things WHERE id = 500'))['n'], 1);
    });

    test('migrations run once, through one connection', async () => {
      await migrate(database);
      const runs = await one('SELECT count(*) AS n FROM drizzle.__drizzle_migrations');
      assert.ok(runs['n'] >= 1);
      await migrate(database);
      assert.deepEqual(await one('SELECT count(*) AS n FROM drizzle.__drizzle_migrations'), runs);
      await database.pool.query('SELECT * FROM api_keys, provider_keys, settings, revisions, traces');
    });

    test('ready until it is closed', () => {
      assert.equal(database.ready, true);
      assert.equal(database.kind, name === 'embedded' ? 'embedded' : 'postgres');
    });
  });
}

/** The socket of a client, to cut it as a dying process would. */
function streamOf(client: Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}
