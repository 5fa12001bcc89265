import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { piecesOf, splitsOf } from '../../../test/support/splits.ts';
import { SseSplitter } from './sse.ts';

interface Frame {
  readonly event: string | undefined;
  readonly data: string | undefined;
}

/** What a whole stream comes to: its frames, what each stood for in bytes, and all relayed bytes. */
function read(reads: readonly Buffer[]): { frames: Frame[]; texts: string[]; bytes: string } {
  const splitter = new SseSplitter();
  const frames: Frame[] = [];
  const texts: string[] = [];
  const bytes: Buffer[] = [];
  for (const batch of [...reads.map((chunk) => splitter.push(chunk)), splitter.flush()]) {
    bytes.push(batch.bytes);
    for (const { event, data, start, end } of batch.frames) {
      frames.push({ event, data });
      texts.push(batch.bytes.toString('utf8', start, end));
    }
  }
  return { frames, texts, bytes: Buffer.concat(bytes).toString('utf8') };
}

function framesOf(text: string): Frame[] {
  return read([Buffer.from(text)]).frames;
}

const line = fc.oneof(
  fc.constantFrom('data: {"a":1}', 'data:x', 'data: ', 'data', 'event: ping', ': keep-alive', 'id: 7', 'retry: 10'),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, ' ')}`),
);
const ending = fc.constantFrom('\n', '\r\n');
const stream = fc
  .array(fc.tuple(fc.array(line, { minLength: 1, maxLength: 4 }), ending), { maxLength: 8 })
  .map((frames) => frames.map(([lines, eol]) => lines.map((text) => text + eol).join('') + eol).join(''));

describe('SseSplitter', () => {
  it('gives the same frames and the same bytes for any split of a stream into reads', () => {
    const anySplit = stream.chain((text) => fc.tuple(fc.constant(text), splitsOf(Buffer.from(text))));
    fc.assert(
      fc.property(anySplit, ([text, reads]) => {
        const whole = read([Buffer.from(text)]);
        assert.deepEqual(read(reads), whole);
        assert.equal(whole.bytes, text);
        assert.equal(whole.texts.join(''), text);
      }),
    );
  });

  it('gives the same frames and the same bytes for any bytes at all', () => {
    const pieces = fc.constantFrom('\n', '\r', '\n\n', ':', 'data:', ' ', 'é', '\u0000');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.array(pieces, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
    );
    fc.assert(
      fc.property(
        bytes.chain((all) => fc.tuple(fc.constant(all), splitsOf(all))),
        ([all, reads]) => {
          const whole = read([all]);
          assert.deepEqual(read(reads), whole);
          assert.deepEqual(read(piecesOf(all, 1)), whole);
        },
      ),
    );
  });

  it('ends lines with LF and with CRLF', () => {
    const expected = [
      { event: 'a', data: '1' },
      { event: undefined, data: '2' },
    ];
    assert.deepEqual(framesOf('event: a\ndata: 1\n\ndata: 2\n\n'), expected);
    assert.deepEqual(framesOf('event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n'), expected);
    assert.deepEqual(framesOf('event: a\r\ndata: 1\n\r\ndata: 2\r\n\n'), expected);
  });

  it('joins several data lines with a line feed', () => {
    assert.deepEqual(framesOf('data: {\ndata: "a": 1}\n\n'), [{ event: undefined, data: '{\n"a": 1}' }]);
    assert.deepEqual(framesOf('data: a\ndata:\ndata: b\n\n'), [{ event: undefined, data: 'a\n\nb' }]);
  });

  it('takes one space after the colon as part of the field, and no more', () => {
    assert.deepEqual(framesOf('data:  x \n\n'), [{ event: undefined, data: ' x ' }]);
  });

  it('relays comments and says that they carry nothing', () => {
    const { frames, bytes } = read([Buffer.from(': OPENROUTER PROCESSING\n\ndata: a:b\n: x\n\n')]);
    assert.deepEqual(frames, [
      { event: undefined, data: undefined },
      { event: undefined, data: 'a:b' },
    ]);
    assert.equal(bytes, ': OPENROUTER PROCESSING\n\ndata: a:b\n: x\n\n');
  });

  it('ignores fields that it does not know, also those without a colon', () => {
    assert.deepEqual(framesOf('id: 7\ndatax: 1\ndata: 2\nretry\n\n'), [{ event: undefined, data: '2' }]);
  });

  it('keeps a character whole that two reads share', () => {
    const bytes = Buffer.from('data: 你好 🌍\n\n');
    assert.deepEqual(read(piecesOf(bytes, 1)).frames, [{ event: undefined, data: '你好 🌍' }]);
  });

  it('gives a frame as soon as its blank line is there', () => {
    const splitter = new SseSplitter();
    assert.equal(splitter.push(Buffer.from('data: 1\n')).frames.length, 0);
    assert.equal(splitter.push(Buffer.from('\ndata: 2')).frames.length, 1);
    assert.equal(splitter.push(Buffer.from('\n\n')).frames.length, 1);
  });

  it('promise 1: ends a last frame whose blank line is missing, so that an error event can follow it', () => {
    for (const cut of ['data: 1', 'data: 1\r', 'data: 1\n', 'data: 1\r\n']) {
      const { frames, bytes } = read([Buffer.from(cut)]);
      assert.deepEqual(frames, [{ event: undefined, data: '1' }], JSON.stringify(cut));
      assert.deepEqual(framesOf(`${bytes}event: error\ndata: 2\n\n`).at(-1), { event: 'error', data: '2' });
    }
  });

  it('adds no more than what is missing, and nothing to what says nothing', () => {
    assert.equal(read([Buffer.from('data: 1\n')]).bytes, 'data: 1\n\n');
    assert.equal(read([Buffer.from('data: 1')]).bytes, 'data: 1\n\n');
    for (const half of ['event: message_st', 'event: ping\n', ': keep-al', 'da']) {
      assert.deepEqual(read([Buffer.from(half)]), { frames: [], texts: [], bytes: '' }, half);
    }
  });

  it('has nothing left where the stream ended with a blank line', () => {
    const splitter = new SseSplitter();
    splitter.push(Buffer.from('data: 1\n\n'));
    assert.deepEqual(splitter.flush().frames, []);
    assert.deepEqual(new SseSplitter().flush().frames, []);
  });

  it('promise 11: refuses a frame that does not end within 16 MB, with and without line ends', () => {
    for (const piece of [Buffer.alloc(1 << 20, 'x'), Buffer.from(`data: ${'x'.repeat(1 << 20)}\n`)]) {
      const splitter = new SseSplitter();
      const push = (): void => {
        for (let sent = 0; sent <= 17; sent += 1) splitter.push(piece);
      };
      assert.throws(push, { code: 'provider_bad_response' });
    }
  });

  it('takes time in proportion to a long frame that comes in many reads', () => {
    const splitter = new SseSplitter();
    const reads = piecesOf(Buffer.concat([Buffer.alloc(15 << 20, 'x'), Buffer.from('\n\n')]), 1024);
    const before = process.cpuUsage();
    for (const chunk of reads) splitter.push(chunk);
    const { user, system } = process.cpuUsage(before);
    // Joining at each read would copy 115 GB.
    assert.ok(user + system < 5_000_000, `${user + system} µs`);
  });

  it('takes time in proportion to a frame of many lines without a colon', () => {
    const before = process.cpuUsage();
    framesOf(`${'x\n'.repeat(1 << 20)}\n`);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 5_000_000, `${user + system} µs`);
  });
});
