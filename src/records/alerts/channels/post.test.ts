import assert from 'node:assert/strict';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';

import type { Resolve } from './guarded-socket.ts';
import { post } from './post.ts';

let answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end('ok');
let connections = 0;
const server = createServer((request, response) => answer(request, response));
server.on('connection', () => (connections += 1));
let port = 0;

before(async () => {
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  ({ port } = server.address() as AddressInfo);
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const body = '{}';
const named = (...addresses: string[]): Resolve => {
  return (_host, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
};

describe('promise 12: what is sent to an address that somebody chose', () => {
  test('goes to no private address, however it is written', async () => {
    connections = 0;
    for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f.0.0.1', '0', '[::1]', '[::ffff:127.0.0.1]']) {
      await assert.rejects(post({ url: `http://${host}:${port}/`, body }, { allowPrivate: false }), /address/, host);
    }
    await assert.rejects(post({ url: `http://localhost:${port}/`, body }, { allowPrivate: false }), /localhost is/);
    assert.equal(connections, 0);
  });

  test('goes to no private address that a name has', async () => {
    connections = 0;
    const url = `http://hooks.example:${port}/`;
    for (const address of ['127.0.0.1', '10.0.0.1', 'fd00::1', '::ffff:127.0.0.1', '169.254.169.254']) {
      await assert.rejects(post({ url, body }, { allowPrivate: false, resolve: named(address) }), {
        name: 'RefusedAddressError',
      });
    }
    await assert.rejects(post({ url, body }, { allowPrivate: true, resolve: named('169.254.169.254') }), /credentials/);
    await assert.rejects(post({ url, body }, { allowPrivate: true, resolve: named() }), /has no address/);
    assert.equal(connections, 0);
  });

  test('is sent to the very address that was checked: a name that changes its mind is asked once', async () => {
    connections = 0;
    let asked = 0;
    const rebinding: Resolve = (_host, callback) => {
      asked += 1;
      callback(null, [{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]);
    };
    await assert.rejects(
      post({ url: `http://hooks.example:${port}/`, body }, { allowPrivate: false, resolve: rebinding }),
    );
    assert.deepEqual([asked, connections], [1, 0]);
  });

  test('skips the private ones among the addresses of a name', async () => {
    const resolve = named('169.254.169.254', '127.0.0.1');
    const { status } = await post({ url: `http://hooks.example:${port}/`, body }, { allowPrivate: true, resolve });
    assert.equal(status, 200);
  });

  test('follows no redirect', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    const { status } = await post({ url: `http://127.0.0.1:${port}/`, body }, { allowPrivate: true });
    assert.equal(status, 302);
  });
});

describe('promise 11: what is sent', () => {
  test('reads no more of an answer than 64 KB', async () => {
    answer = (_request, response) => {
      response.write('x'.repeat(100_000));
      // It never ends.
    };
    const read = await post({ url: `http://127.0.0.1:${port}/`, body }, { allowPrivate: true });
    assert.equal(read.body.length, 64 * 1024);
  });

  test('waits only so long, for the first byte as for the last', async () => {
    for (const one of [
      () => undefined,
      (_request: IncomingMessage, response: ServerResponse) => void response.write('x'),
    ]) {
      answer = one;
      const url = `http://127.0.0.1:${port}/`;
      await assert.rejects(post({ url, body }, { allowPrivate: true, timeoutMs: 60 }), /no answer within 0.06 s/);
    }
  });

  test('tells what the system says', async () => {
    await assert.rejects(post({ url: 'http://127.0.0.1:1/', body }, { allowPrivate: true }), { code: 'ECONNREFUSED' });
  });
});
