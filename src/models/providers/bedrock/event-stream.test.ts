import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';

import { eventFrame, exceptionFrame } from '../../../../test/support/event-stream.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { splitsOf } from '../../../../test/support/splits.ts';
import { EventStreamSplitter } from './event-stream.ts';

const MESSAGES: readonly (readonly [event: string, payload: object])[] = [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Zażółć 🦥' } }],
  ['metadata', {}],
];
const FRAMES = MESSAGES.map(([event, payload]) => eventFrame(event, payload));
const BYTES = Buffer.concat(FRAMES);

function cut(reads: readonly Buffer[]): { event: string | undefined; data: string | undefined; bytes: string }[] {
  const splitter = new EventStreamSplitter();
  const batches = [...reads.map((read) => splitter.push(read)), splitter.flush()];
  return batches.flatMap(({ bytes, frames }) =>
    frames.map(({ start, end, event, data }) => ({ event, data, bytes: bytes.toString('hex', start, end) })),
  );
}

const WHOLE = MESSAGES.map(([event, payload], at) => ({
  event,
  data: JSON.stringify(payload),
  bytes: FRAMES[at]?.toString('hex'),
}));

/** The prelude of a message with these lengths, its own checksum right. */
function prelude(length: number, headers: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(length, 0);
  bytes.writeUInt32BE(headers, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  return bytes;
}

describe('event streams of AWS', () => {
  it('any split of the bytes gives the same frames', () => {
    fc.assert(
      fc.property(splitsOf(BYTES), (reads) => {
        assert.deepEqual(cut(reads), WHOLE);
      }),
    );
    assert.deepEqual(cut(Array.from(BYTES, (byte) => Buffer.of(byte))), WHOLE);
  });

  it('promise 1: a changed bit anywhere is found, whatever the reads', () => {
    fc.assert(
      fc.property(fc.nat(BYTES.length * 8 - 1), fc.integer({ min: 1, max: 64 }), (bit, size) => {
        const bytes = Buffer.from(BYTES);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const reads = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        assert.throws(() => cut(reads), { code: 'provider_bad_response' });
      }),
    );
  });

  it('promise 11: an impossible or huge length is not waited for', () => {
    for (const head of [prelude(15, 0), prelude(100, 85), prelude(16 * 1024 * 1024 + 1, 0), prelude(0xffff_ffff, 0)]) {
      assert.throws(() => new EventStreamSplitter().push(head), { code: 'provider_bad_response' });
    }
    assert.deepEqual(new EventStreamSplitter().push(prelude(16 * 1024 * 1024, 0)).frames, []);
  });

  it('promise 1: bytes that end inside a message are an interruption', () => {
    const splitter = new EventStreamSplitter();
    splitter.push(BYTES.subarray(0, -1));
    assert.throws(() => splitter.flush(), { code: 'stream_interrupted' });
  });

  it('exceptions and errors are marked', () => {
    const [frame] = cut([exceptionFrame('throttlingException', { message: 'slow' })]);
    assert.equal(frame?.event, 'exception:throttlingException');
    assert.equal(frame?.data, '{"message":"slow"}');
  });
});
