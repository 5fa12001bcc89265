import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import * as fc from '../../test/support/fast-check.ts';
import { PieceWriter } from './piece-writer.ts';

const GET = (version = '1.1'): string => `GET / HTTP/${version}\r\nhost: x\r\n\r\n`;

/** A server whose responses the test writes. */
async function open(t: TestContext, answer: (response: ServerResponse) => void): Promise<() => Socket> {
  const server = createServer((_, response) => {
    response.sendDate = false;
    response.writeHead(200);
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return () => connect((server.address() as AddressInfo).port, '127.0.0.1');
}

/** All that comes until so many answers have ended, or the connection has. */
async function heard(socket: Socket, answers = 1): Promise<string> {
  let text = '';
  for await (const bytes of socket) {
    text += (bytes as Buffer).toString('latin1');
    if (text.split('\r\n0\r\n\r\n').length > answers) break;
  }
  return text;
}

/** The body of a chunked answer. */
function bodyIn(text: string): string {
  let rest = text.slice(text.indexOf('\r\n\r\n') + 4);
  let body = '';
  for (;;) {
    const line = rest.indexOf('\r\n');
    const length = Number.parseInt(rest.slice(0, line), 16);
    if (length === 0) return body;
    body += rest.slice(line + 2, line + 2 + length);
    assert.equal(rest.slice(line + 2 + length, line + 4 + length), '\r\n');
    rest = rest.slice(line + 4 + length);
  }
}

const bytesOf = (piece: string | Uint8Array): Buffer => Buffer.from(piece as string);

test('pieces come as they were written and in their order, whatever they are and however they follow', async (t) => {
  const pieces = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ maxLength: 100, unit: 'grapheme' }),
      fc.constantFrom('', new Uint8Array(), 'é'.repeat(20_000), new Uint8Array(40_000).fill(13)),
    ),
    { minLength: 1, maxLength: 12 },
  );
  let answer: ((response: ServerResponse) => void) | undefined;
  const dial = await open(t, (response) => answer?.(response));
  await fc.assert(
    fc.asyncProperty(pieces, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), async (all, waits) => {
      answer = (response) => {
        void (async () => {
          const writer = new PieceWriter(response, () => {});
          for (const [at, piece] of all.entries()) {
            writer.write(piece);
            if (waits[at]) await turn();
          }
          response.end('end');
        })();
      };
      const socket = dial();
      socket.write(GET());
      const said = bodyIn(await heard(socket));
      assert.equal(said, Buffer.concat([...all.map(bytesOf), Buffer.from('end')]).toString('latin1'));
    }),
    { numRuns: 60 },
  );
});

test('a piece is one write of the socket, from the second one on', async (t) => {
  const written: unknown[] = [];
  const dial = await open(t, (response) => {
    void (async () => {
      const writer = new PieceWriter(response, () => {});
      writer.write(Buffer.from('one'));
      await turn();
      response.socket?.on('data', () => {});
      t.mock.method(response.socket as Socket, '_write', (data: unknown, _: unknown, done: () => void) => {
        written.push(String(data));
        done();
      });
      writer.write(Buffer.from('two'));
      writer.write('drei\u{20AC}');
      response.socket?.destroy();
    })();
  });
  const socket = dial();
  socket.write(GET());
  await heard(socket);
  assert.deepEqual(written, ['3\r\ntwo\r\n', '7\r\ndrei\u{20AC}\r\n']);
});

test('an old client, who knows no pieces, gets the bytes alone', async (t) => {
  const dial = await open(t, (response) => {
    void (async () => {
      const writer = new PieceWriter(response, () => {});
      for (const piece of ['one ', 'two ', 'three']) {
        writer.write(Buffer.from(piece));
        await turn();
      }
      response.end();
    })();
  });
  const socket = dial();
  socket.write(GET('1.0'));
  const text = await heard(socket);
  assert.equal(text.slice(text.indexOf('\r\n\r\n') + 4), 'one two three');
});

test('an answer that waits for the one before it on its connection does not get ahead', async (t) => {
  const responses: ServerResponse[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const dial = await open(t, (response) => {
    responses.push(response);
    if (responses.length === 2) resolve();
  });
  const socket = dial();
  socket.write(GET() + GET());
  await promise;
  const [first, second] = responses.map((response) => ({ response, writer: new PieceWriter(response, () => {}) }));
  assert.ok(first && second);
  for (const word of ['a', 'b', 'c']) {
    second.writer.write(Buffer.from(`2${word}`));
    await turn();
    first.writer.write(Buffer.from(`1${word}`));
    await turn();
  }
  first.response.end();
  await turn();
  second.writer.write(Buffer.from('2d'));
  second.response.end();
  const text = await heard(socket, 2);
  const at = text.lastIndexOf('HTTP/1.1');
  assert.equal(bodyIn(text.slice(0, at)), '1a1b1c');
  assert.equal(bodyIn(text.slice(at)), '2a2b2c2d');
});

test('promise 11: a reader that takes nothing fills it, and it says when there is room again', async (t) => {
  const { promise: room, resolve } = Promise.withResolvers<void>();
  const { promise: full, resolve: isFull } = Promise.withResolvers<PieceWriter>();
  const dial = await open(t, (response) => {
    void (async () => {
      const writer = new PieceWriter(response, resolve);
      writer.write('first');
      await turn();
      assert.equal(writer.isFull, false);
      for (let at = 0; writer.write(Buffer.alloc(10_000, 'x')); at += 1) assert.ok(at < 10_000);
      isFull(writer);
    })();
  });
  const socket = dial();
  socket.write(GET());
  socket.pause();
  const writer = await full;
  assert.equal(writer.isFull, true);
  socket.resume();
  await room;
  assert.equal(writer.isFull, false);
  socket.destroy();
});
