import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { FrameShape, type TextPlace } from './frame-shape.ts';

const PLACE: TextPlace = { path: ['choices', 0, 'text'], ignored: ['created', 'fill'] };

interface Parts {
  readonly created?: number;
  readonly fill?: string;
}

function frame(text: string, { created = 1, fill = 'x' }: Parts = {}, eol = '\n'): string {
  return `data: ${JSON.stringify({ id: 'é', created, choices: [{ text }], fill })}${eol}${eol}`;
}

function shapeOf(text: string, place = PLACE): FrameShape | undefined {
  const bytes = Buffer.from(text);
  return FrameShape.of(bytes, 0, bytes.length, place);
}

/** Reads what follows, from a place that is not the beginning of its memory. */
function run(shape: FrameShape | undefined, following: string): { text: string; rest: string } {
  assert.ok(shape);
  const bytes = Buffer.from(`??${following}`).subarray(1);
  const end = shape.run(bytes, 1);
  return { text: shape.text, rest: bytes.toString('utf8', end) };
}

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '"', '\\', '\n', '“', '😀', '\u0000'));
const anyFrame = fc.tuple(anyText, fc.nat(), fc.stringMatching(/^[a-zA-Z0-9]*$/));

describe('FrameShape', () => {
  it('reads any texts, whatever the ignored members say', () => {
    fc.assert(
      fc.property(fc.array(anyFrame), fc.constantFrom('\n', '\r\n'), (frames, eol) => {
        const following = frames.map(([text, created, fill]) => frame(text, { created, fill }, eol)).join('');
        const texts = frames.map(([text]) => text);
        const all = run(shapeOf(frame('Hello', {}, eol)), following);
        // A lone surrogate is written as it is escaped, and is read as such.
        assert.deepEqual(all, { text: texts.join(''), rest: '' });
      }),
    );
  });

  it('stops before what differs in anything else, and before what is not whole', () => {
    const next = frame('and');
    const others = [
      next.replace('"id":"é"', '"id":"e"'),
      next.replace('}],', ',"finish_reason":"stop"}],'),
      next.replace('"created":1', '"created":01'),
      next.replace('"created":1', '"created":1.5'),
      next.replace('"created":1', '"created":null'),
      next.replace('"and"', 'null'),
      next.replace('and', 'a\\xnd'),
      next.replace('and', 'a\u0001nd'),
      next.replace('and', 'a\\\nnd'),
      next.replace('data', 'dada'),
      next.slice(0, -1),
      next.slice(0, 30),
      ': keep-alive\n\n',
      'data: [DONE]\n\n',
    ];
    for (const other of others) {
      const following = `${frame('this ')}${frame('one ')}`;
      assert.deepEqual(run(shapeOf(frame('Hello')), following + other), { text: 'this one ', rest: other });
    }
  });

  it('tells whether a frame is like it', () => {
    const shape = shapeOf(frame('Hello'));
    const [like, unlike] = [frame('you', { created: 7 }), frame('you').replace('id', 'ID')];
    const bytes = Buffer.from(like + unlike);
    const end = Buffer.byteLength(like);
    assert.equal(shape?.fits(bytes, 0, end), true);
    assert.equal(shape?.fits(bytes, end, bytes.length), false);
  });

  it('takes bytes that are no UTF-8 as decoding each frame would', () => {
    const cut = Buffer.from(frame('?')).map((byte) => (byte === 0x3f ? 0xe2 : byte));
    const bytes = Buffer.concat([cut, Buffer.from(frame('\u0082\u00ac'))]);
    const shape = shapeOf(frame('Hello'));
    assert.equal(shape?.run(bytes, 0), bytes.length);
    assert.equal(shape?.text, '\ufffd\u0082\u00ac');
  });

  it('keeps long texts, and many short ones', () => {
    const long = 'a long text '.repeat(3000);
    const texts = [long, 'short', long, 'é', long];
    assert.deepEqual(run(shapeOf(frame('Hello')), texts.map((text) => frame(text)).join('')).text, texts.join(''));
    assert.equal(run(shapeOf(frame('Hello')), frame('word ').repeat(10_000)).text, 'word '.repeat(10_000));
  });

  it('is none where it is not sure where the text stands', () => {
    const hello = frame('Hello');
    const unsure = [
      hello.replace('"text":"Hello"', '"text":"a","text":"Hello"'),
      hello.replace('"Hello"', 'null'),
      hello.replace('"Hello"', '["Hello"]'),
      hello.replace('choices', 'choice'),
      hello.replace('"text"', '"te\\u0078t"'),
      hello.replace('\n\n', '\ndata: more\n\n'),
      `: a comment\n${hello}`,
      `${hello}${hello}`,
      'data: {"choices":[{"text":"Hello"\n\n',
      frame('a'.repeat(5000)),
      ': keep-alive\n\n',
    ];
    for (const one of unsure) assert.equal(shapeOf(one), undefined, one.slice(0, 100));
  });

  it('ignores a member only where it is the frame’s own', () => {
    assert.equal(shapeOf('data: {"choices":[{"text":"a","fill":"x"}]}\n\n'), undefined);
  });

  it('has the name of the event', () => {
    const [one, two] = ['one', 'two'].map((type) => `event: ${type}\ndata: {"choices":[{"text":"a"}]}\n\n`);
    assert.deepEqual(run(shapeOf(`${one}`), `${one}${two}`), { text: 'a', rest: two });
  });
});
