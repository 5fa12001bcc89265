import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { AlikeFrames } from './alike-frames.ts';

const token = (text: string): string =>
  `data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":${JSON.stringify(text)}},"finish_reason":null}]}\n\n`;
const frame = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }).map(token) },
  fc.constantFrom('', '\n\n', '\r\n\r\n', ': ping\n\n', 'event: a\ndata: {}\n\n', 'data: [DONE]\n\n', 'x'.repeat(400)),
  fc.string({ maxLength: 300 }),
);
const pieces = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.array(frame, { maxLength: 4 }).map((frames) => Buffer.from(frames.join(''))) },
    fc.uint8Array({ maxLength: 200 }),
  ),
  { maxLength: 30 },
);

function framesOf(all: readonly Uint8Array[]): AlikeFrames {
  const frames = new AlikeFrames();
  for (const piece of all) frames.add(piece);
  return frames;
}

test('what was added is given back byte for byte, whatever it was', () => {
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 500 }), (all, size) => {
      const frames = framesOf(all);
      const whole = Buffer.concat(all);
      assert.deepEqual(frames.all(), whole);
      assert.equal(frames.bytes, whole.length);
      assert.deepEqual(Buffer.concat([...frames.pieces(size)]), whole);
    }),
  );
});

test('pieces are what there was when they were asked for, also where more is added before they are made', () => {
  fc.assert(
    fc.property(pieces, pieces, fc.integer({ min: 1, max: 500 }), (before, after, size) => {
      const frames = framesOf(before);
      const asked = frames.pieces(size);
      const first = asked.next();
      for (const piece of after) frames.add(piece);
      const made = first.done ? [] : [first.value, ...asked];
      assert.deepEqual(Buffer.concat(made), Buffer.concat(before));
    }),
  );
});

test('pieces are whole frames, of about as many bytes as were asked for', () => {
  const frames = framesOf(Array.from({ length: 100 }, (_, at) => Buffer.from(token(`${at}`) + token('and'))));
  const made = [...frames.pieces(1000)];
  assert.ok(made.length > 10);
  for (const piece of made) {
    assert.ok(piece.toString().endsWith('\n\n'));
    assert.ok(piece.length < 1500, `${piece.length}`);
  }
});

test('promise 11: the frames of a text take about what the text takes', () => {
  const words = Array.from({ length: 1000 }, (_, at) => ` word${at % 89}`);
  for (const inOne of [1, 3]) {
    const reads: Buffer[] = [];
    for (let at = 0; at < words.length; at += inOne) {
      reads.push(
        Buffer.from(
          words
            .slice(at, at + inOne)
            .map(token)
            .join(''),
        ),
      );
    }
    const frames = framesOf(reads);
    assert.ok(frames.bytes > 100_000);
    assert.ok(frames.size < 20_000, `${frames.size}`);
  }
});
