import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { PrefillSeam, type Seam, instructedSeam } from './seam.ts';

const SAID = 'Once upon a time there was a small gateway in the woods. It answered every que';

function join(seam: Seam, pieces: readonly string[]): string {
  return pieces.map((piece) => seam.add(piece)).join('') + seam.end();
}

/** Texts of few letters and much white space, so that they repeat themselves often. */
const texts = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '好'), maxLength: 60 });
const cuts = fc.array(fc.nat(60), { maxLength: 8 });

function piecesOf(text: string, at: readonly number[]): string[] {
  const places = [0, ...at.filter((place) => place < text.length).toSorted((a, b) => a - b), text.length];
  return places.slice(1).map((place, index) => text.slice(places[index], place));
}

describe('a text that goes on after an instruction', () => {
  for (const [what, more, joined] of [
    ['what is new is kept', 'stion it got.', 'stion it got.'],
    ['the last words again', 'It answered every question.', 'stion.'],
    ['all of it again', `${SAID}stion.`, 'stion.'],
    ['the last word again', 'question.', 'stion.'],
    ['words that only look like it', 'It answered none.', 'It answered none.'],
    ['nothing but the same', SAID, ''],
    ['nothing', '', ''],
  ] as const) {
    it(what, () => {
      assert.equal(join(instructedSeam(SAID), [more]), joined);
      assert.equal(join(instructedSeam(SAID), Array.from(more)), joined);
    });
  }

  it('keeps short repetitions, which may be meant', () => {
    for (const [said, more] of [
      ['it is very, very', ' very good'],
      ['| --- | ---', '--- |'],
      ['}\n}\n', '}\n'],
      ['hel', 'lo'],
      ['人', '人都'],
    ] as const) {
      assert.equal(join(instructedSeam(said), [more]), more);
    }
  });

  it('is the same whatever the pieces in which it comes: without the longest repetition', () => {
    fc.assert(
      fc.property(texts, fc.nat(60), texts, cuts, (said, from, rest, at) => {
        const more = said.slice(from) + rest;
        assert.equal(join(instructedSeam(said), piecesOf(more, at)), more.slice(longestRepetition(said, more)));
      }),
      { numRuns: 2000 },
    );
  });

  it('holds nothing back once it is clear that nothing is repeated', () => {
    const seam = instructedSeam(SAID);
    assert.equal(seam.add('It answered'), '');
    assert.equal(seam.add(' nobody'), 'It answered nobody');
    assert.equal(seam.add('It answered every que'), 'It answered every que');
  });
});

/** From the longest to the shortest that counts: 16 characters, or a last word of three letters. */
function longestRepetition(said: string, more: string): number {
  const word = /[\p{L}\p{N}]{3,}$/u.exec(said)?.[0].length;
  for (let length = said.length; length > 0; length -= 1) {
    if (length < 16 && length !== word) continue;
    if (more.startsWith(said.slice(-length))) return length;
  }
  return 0;
}

describe('a text that goes on after a prefill', () => {
  it('has the white space once that was taken from the end of the prefill', () => {
    for (const [said, more, joined] of [
      ['Hello ', ' there', 'there'],
      ['Hello ', 'there', 'there'],
      ['Hello', ' there', ' there'],
      ['- one\n\n', '\n\n- two', '- two'],
      ['- one\n', '\n\n- two', '\n- two'],
      ['- one\n\n', ' - two', ' - two'],
      [SAID, `${SAID}stion.`, 'stion.'],
      [`${SAID} `, `${SAID} and`, 'and'],
      [SAID, SAID.slice(0, 20), SAID.slice(0, 20)],
    ] as const) {
      assert.equal(join(new PrefillSeam(said), [more]), joined);
      assert.equal(join(new PrefillSeam(said), Array.from(more)), joined);
    }
  });

  it('is otherwise what the model wrote', () => {
    fc.assert(
      fc.property(texts, texts, cuts, (said, more, at) => {
        const joined = join(new PrefillSeam(said), piecesOf(more, at));
        assert.equal(join(new PrefillSeam(said), [more]), joined);
        assert.ok(more.endsWith(joined));
        const dropped = more.slice(0, more.length - joined.length);
        assert.ok(dropped.trim() === '' && said.slice(said.trimEnd().length).startsWith(dropped));
      }),
    );
  });
});
