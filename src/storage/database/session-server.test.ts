import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';

import { Housekeeping, housekept } from './housekeeping.ts';
import { SessionServer } from './session-server.ts';
import { SOCKET_NAME } from './socket-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'causeway-session-'));
const failures: unknown[] = [];
let engine: PGlite;
let server: SessionServer;

before(async () => {
  engine = await PGlite.create();
  server = new SessionServer({
    session: {
      exchange: (messages, answer) => engine.execProtocolRawStream(messages, { onRawData: answer }),
      get inTransaction() {
        return engine.isInTransaction();
      },
    },
    maxConnections: 4,
    patienceMs: 100,
    failed: (error) => failures.push(error),
  });
  await server.listen(join(folder, SOCKET_NAME));
});

after(async () => {
  await server.close();
  await engine.close();
  rmSync(folder, { recursive: true });
  assert.deepEqual(failures, []);
});

async function client(): Promise<Client> {
  const made = new Client({ host: folder, user: 'postgres', database: 'postgres' });
  await made.connect();
  return made;
}

async function rawSocket(path = join(folder, SOCKET_NAME)): Promise<Socket> {
  const socket = connect(path);
  await once(socket, 'connect');
  return socket;
}

describe('session server', () => {
  test('the upkeep between two statements does not reach the client', async () => {
    const session = await client();
    await session.query('SELECT 1');
    await server.exclusively(() => new Housekeeping(housekept(engine)).round());
    await server.exclusively(async () => void (await housekept(engine).execute('VACUUM (ANALYZE)')));
    const { rows } = await session.query('SELECT $1::text AS text', ['mine']);
    assert.deepEqual(rows, [{ text: 'mine' }]);
    await session.end();
  });

  test('the upkeep waits for the end of a transaction', async () => {
    const session = await client();
    await session.query('BEGIN');
    const seen: boolean[] = [];
    const upkeep = server.exclusively(async () => void seen.push(engine.isInTransaction()));
    await session.query('SELECT 1');
    await session.query('COMMIT');
    await upkeep;
    assert.deepEqual(seen, [false]);
    await session.end();
  });

  test('a client that idles inside a transaction while others wait loses its connection and its changes', async () => {
    const idle = await client();
    const lost = once(idle, 'error');
    await idle.query('BEGIN');
    await idle.query('CREATE TABLE unfinished (n int)');
    const other = await client();
    const { rows } = await other.query("SELECT to_regclass('unfinished') AS found");
    assert.deepEqual(rows, [{ found: null }]);
    await lost;
    await other.end();
  });

  test('a client that leaves between a refused Flush and its Sync leaves the session usable', async () => {
    const socket = await rawSocket();
    socket.write(Buffer.from('\0\0\0\x17\0\x03\0\0user\0postgres\0\0', 'latin1'));
    await once(socket, 'data');
    socket.write(Buffer.from('P\0\0\0\x10\0NO SQL 1\0\0\0H\0\0\0\x04', 'latin1'));
    const [refusal] = await once(socket, 'data');
    assert.match(String(refusal), /^E.*syntax error/s);
    socket.destroy();
    const next = await client();
    const { rows } = await next.query('SELECT $1::int AS n', [2]);
    assert.deepEqual(rows, [{ n: 2 }]);
    await next.end();
  });

  test('encryption is declined, as on a unix socket of PostgreSQL', async () => {
    const socket = await rawSocket();
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    const [answer] = await once(socket, 'data');
    assert.equal(String(answer), 'N');
    socket.destroy();
  });

  test('what does not speak the protocol is cut off', async () => {
    const socket = await rawSocket();
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await once(socket, 'close');
  });

  test('one connection too many is refused, and the first goes on', async (t) => {
    const path = join(folder, 'small');
    const small = new SessionServer({
      session: { inTransaction: false, exchange: async (_messages, answer) => answer(Buffer.from('answer')) },
      maxConnections: 1,
      patienceMs: 100,
      failed: (error) => failures.push(error),
    });
    await small.listen(path);
    t.after(() => small.close());
    const first = await rawSocket(path);
    const second = await rawSocket(path);
    await once(second.resume(), 'close');
    first.write(Buffer.from('\0\0\0\x08\0\x03\0\0', 'latin1'));
    const [answer] = await once(first, 'data');
    assert.equal(String(answer), 'answer');
  });
});
