import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { FrameReader, MAX_FRAME_BYTES } from './wire-frames.ts';

function greeting(code: number, rest = ''): Buffer {
  const bytes = Buffer.alloc(8 + rest.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(code, 4);
  bytes.write(rest, 8, 'latin1');
  return bytes;
}

function message(type: string, body: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([header, body]);
}

const STARTUP = greeting(3 << 16, 'user\0postgres\0\0');
const SSL = greeting(80877103);

describe('wire frames', () => {
  test('any split of the bytes gives the same frames', () => {
    const messages = fc.array(fc.tuple(fc.constantFrom('Q', 'P', 'B', 'S'), fc.uint8Array({ maxLength: 300 })));
    const cuts = fc.array(fc.nat(), { maxLength: 20 });
    fc.assert(
      fc.property(messages, cuts, (list, places) => {
        const sent = [SSL, STARTUP, ...list.map(([type, body]) => message(type, body))];
        const bytes = Buffer.concat(sent);
        const ends = [...places.map((place) => place % bytes.length), bytes.length].toSorted((a, b) => a - b);
        const reader = new FrameReader();
        const frames = ends.flatMap((end, index) => reader.push(bytes.subarray(ends[index - 1] ?? 0, end)));
        assert.deepEqual(
          frames.map((frame) => frame.bytes.toString('hex')),
          sent.map((frame) => frame.toString('hex')),
        );
        assert.deepEqual(
          frames.map(({ kind, type }) => type || kind),
          ['encryption', 'startup', ...list.map(([type]) => type)],
        );
      }),
    );
  });

  test('a cancel request is told from a start', () => {
    assert.deepEqual(
      new FrameReader().push(greeting(80877102, 'pid+key!')).map(({ kind }) => kind),
      ['cancel'],
    );
  });

  test('what is not the protocol, or claims an absurd length, is refused', () => {
    assert.throws(() => new FrameReader().push(Buffer.from('GET / HTTP/1.1\r\n\r\n')), RangeError);
    assert.throws(() => new FrameReader().push(greeting(2 << 16)), RangeError);
    const reader = new FrameReader();
    reader.push(STARTUP);
    const huge = Buffer.from('Q\0\0\0\0', 'latin1');
    huge.writeUInt32BE(MAX_FRAME_BYTES, 1);
    assert.throws(() => reader.push(huge), RangeError);
  });
});
