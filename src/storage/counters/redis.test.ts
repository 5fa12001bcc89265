import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'node:test';

import { type RedisServer, noRedis, startRedis } from '../../../test/support/redis-server.ts';
import { luaScript } from './lua-script.ts';
import { type RedisHandle, openRedis } from './redis.ts';

const echo = luaScript('return ARGV[1]');

class LogLines {
  readonly lines: { level: string; facts: object; message: string | undefined }[] = [];
  readonly #waiting: { text: string; done: () => void }[] = [];

  info = (facts: object, message?: string) => this.#add('info', facts, message);
  warn = (facts: object, message?: string) => this.#add('warn', facts, message);
  error = (facts: object, message?: string) => this.#add('error', facts, message);

  has(text: string): boolean {
    return JSON.stringify(this.lines).includes(text);
  }

  until(text: string): Promise<void> {
    if (this.has(text)) return Promise.resolve();
    return new Promise((done) => void this.#waiting.push({ text, done }));
  }

  #add(level: string, facts: object, message: string | undefined): void {
    this.lines.push({ level, facts, message });
    for (const { text, done } of this.#waiting) if (this.has(text)) done();
  }
}

function up(handle: RedisHandle): Promise<void> {
  return handle.ready ? Promise.resolve() : new Promise((done) => handle.onUp(done));
}

function down(handle: RedisHandle): Promise<string> {
  return new Promise((done) => handle.onDown(done));
}

async function withServer(work: (server: RedisServer, handle: RedisHandle, log: LogLines) => Promise<void>) {
  const server = await startRedis();
  const log = new LogLines();
  const handle = openRedis({ url: server.url, log });
  try {
    await up(handle);
    await work(server, handle, log);
  } finally {
    await handle.close();
    await server.close();
  }
}

/** A server that says of itself what the test wants. */
async function pretender(info: string) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const commands = data.toString().match(/\r\n(info|client|auth|select)\r\n/gi) ?? [];
      for (const command of commands) {
        socket.write(/info/i.test(command) ? `$${Buffer.byteLength(info)}\r\n${info}\r\n` : '+OK\r\n');
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

describe('the connection to Redis', { skip: noRedis }, () => {
  it('runs scripts, also those that the server has forgotten, under the name of the program', () =>
    withServer(async (server, handle) => {
      assert.equal(await handle.run(echo, 'key', ['one']), 'one');
      server.ask('SCRIPT', 'FLUSH');
      assert.equal(await handle.run(echo, 'key', ['two']), 'two');
      assert.match(server.ask('CLIENT', 'LIST'), /name=causeway /);
    }));

  it('says when it is lost and when it is back, and which run of the server answers', () =>
    withServer(async (server, handle, log) => {
      const first = handle.runId;
      const lost = down(handle);
      await server.kill9();
      await lost;
      assert.equal(handle.ready, false);
      await assert.rejects(handle.run(echo, 'key', ['x']));
      await server.restart('empty');
      await up(handle);
      assert.equal(await handle.run(echo, 'key', ['again']), 'again');
      assert.notEqual(handle.runId, first);
      assert.match(first, /^[0-9a-f]{40}$/);
      assert.deepEqual(
        log.lines.map(({ level }) => level),
        ['info', 'warn', 'info'],
      );
    }));

  it('gives up a server that hears and does not answer, and comes back to it', () =>
    withServer(async (server, handle) => {
      const lost = down(handle);
      server.hang();
      const began = performance.now();
      await assert.rejects(handle.run(echo, 'key', ['x']));
      assert.match(await lost, /no answer for 250 ms/);
      assert.ok(performance.now() - began < 2000);
      server.goOn();
      await up(handle);
      assert.equal(await handle.run(echo, 'key', ['again']), 'again');
    }));

  it('does not take a pause of this process for one of the server', () =>
    withServer(async (_server, handle) => {
      let lost = false;
      handle.onDown(() => (lost = true));
      const answer = handle.run(echo, 'key', ['x']);
      const end = performance.now() + 600;
      while (performance.now() < end);
      assert.equal(await answer, 'x');
      assert.equal(lost, false);
    }));

  it('is opened where no server is, and finds it when it comes', async () => {
    const server = await startRedis();
    await server.kill9();
    const log = new LogLines();
    const handle = openRedis({ url: server.url, log });
    try {
      await log.until('Redis is away');
      assert.equal(handle.ready, false);
      await server.restart('empty');
      await up(handle);
      assert.equal(await handle.run(echo, 'key', ['x']), 'x');
    } finally {
      await handle.close();
      await server.close();
    }
  });

  it('warns where the server may throw counters away', () =>
    withServer(async (server) => {
      server.ask('CONFIG', 'SET', 'maxmemory', '100mb');
      server.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      const log = new LogLines();
      const handle = openRedis({ url: server.url, log });
      await up(handle);
      await handle.close();
      assert.ok(log.has('maxmemory-policy is allkeys-lru'));
    }));

  it('promise 12: says why it is refused without the password', () =>
    withServer(async (server) => {
      server.ask('CONFIG', 'SET', 'requirepass', 'right');
      const log = new LogLines();
      const handle = openRedis({ url: server.url.replace('//', '//default:very-wrong@'), log });
      await log.until('Redis is away');
      await handle.close();
      assert.ok(log.has('WRONGPASS'), JSON.stringify(log.lines));
      assert.ok(!log.has('very-wrong'));
    }));
});

describe('the connection to Redis refuses', () => {
  for (const [name, info, reason] of [
    ['a server that is too old', 'redis_version:6.0.16\r\nrun_id:a', 'Redis 6.0.16'],
    ['a read-only replica', 'redis_version:7.2.4\r\nrole:slave', 'read-only replica'],
  ] as const) {
    it(name, async () => {
      const server = await pretender(info);
      const log = new LogLines();
      const handle = openRedis({ url: `redis://127.0.0.1:${server.port}`, log });
      await log.until(reason);
      assert.equal(handle.ready, false);
      assert.equal(log.lines[0]?.level, 'error');
      await handle.close();
      server.close();
    });
  }

  it('promise 12: an address that is none, and does not repeat it', () => {
    const log = new LogLines();
    for (const url of ['localhost:6379', 'http://user:secret@host', 'secret']) {
      assert.throws(
        () => openRedis({ url, log }),
        (error: Error) => error instanceof RangeError && !error.message.includes('secret'),
      );
    }
  });
});
