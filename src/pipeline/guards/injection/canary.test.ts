import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { canaryNotice, canaryScanner, canaryWord } from './canary.ts';

const word = canaryWord('secret', 'support', '3');
const scanner = canaryScanner(word);

const SPELLINGS: Readonly<Record<string, (word: string) => string>> = {
  'as it is': (plain) => plain,
  'capital letters': (plain) => plain.toUpperCase(),
  'spaces between': (plain) => Array.from(plain).join(' '),
  dashes: (plain) => Array.from(plain).join('-'),
  dots: (plain) => Array.from(plain).join('.'),
  'lines with numbers': (plain) =>
    Array.from(plain)
      .map((char, at) => `${at}. ${char}`)
      .join('\n'),
  'a JSON list': (plain) => JSON.stringify(Array.from(plain)),
  'two halves': (plain) => `${plain.slice(0, 7)}  --  ${plain.slice(7)}`,
  reversed: (plain) => Array.from(plain).toReversed().join(''),
  'full width': (plain) => plain.replaceAll(/[a-z]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  'invisible characters between': (plain) => Array.from(plain).join('\u200b'),
  hexadecimal: (plain) => Buffer.from(plain).toString('hex'),
  'hexadecimal with spaces': (plain) => (Buffer.from(plain).toString('hex').match(/../g) ?? []).join(' '),
};
const spelling = fc.constantFrom(...Object.values(SPELLINGS));
/** Digits and vowels neither begin nor end a spelling. */
const around = fc
  .array(fc.constantFrom('a', 'eau', ' ', 'IO', '你好', '\n', '😀', 'y?', '"'))
  .map((parts) => parts.join(''));

describe('a canary', () => {
  it('is the same for the same project and version of a policy alone', () => {
    assert.equal(word, canaryWord('secret', 'support', '3'));
    const others = [
      canaryWord('other', 'support', '3'),
      canaryWord('secret', 'sales', '3'),
      canaryWord('secret', 'support', '4'),
    ];
    for (const other of others) assert.notEqual(other, word);
    assert.ok(canaryNotice(word).includes(word));
    assert.throws(() => canaryScanner('word'), RangeError);
  });

  it('is found however it is spelled, at its place', () => {
    fc.assert(
      fc.property(around, spelling, around, (before, spell, after) => {
        const spelled = spell(word);
        const { score, findings } = scanner.scan(before + spelled + after);
        assert.equal(score, 1);
        const [found] = findings;
        // Numbers and quotes before the first letter and after the last are not part of it.
        const [start, end] = [before.length, before.length + spelled.length];
        assert.ok(found && found.start >= start && found.start <= start + 3);
        assert.ok(found.end <= end && found.end >= end - 2);
      }),
    );
  });

  it('is found in base64 of a longer text, wherever it stands there', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (before, after) => {
        assert.equal(scanner.scan(`Here: ${Buffer.from(before + word + after).toString('base64')}`).score, 1);
      }),
    );
  });

  it('is not found where it is not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => assert.equal(scanner.scan(text).score, 0)),
    );
    assert.equal(scanner.scan(word.slice(1)).score, 0);
    assert.equal(scanner.scan(canaryWord('secret', 'support', '4')).score, 0);
  });

  it('is held back from its first letter on, as a stream brings it', () => {
    fc.assert(
      fc.property(around, spelling, (before, spell) => {
        const spelled = spell(word);
        const text = before + spelled;
        const start = scanner.scan(text).findings[0]?.start ?? -1;
        for (let sent = start + 1; sent < text.length; sent++) {
          const end = text.slice(Math.max(0, sent - 256), sent);
          const released = sent - scanner.held(end);
          assert.ok(released <= start, `${released} of ${start} units went out`);
        }
      }),
    );
  });

  it('holds nothing back of a text that does not begin it', () => {
    assert.equal(scanner.held('aeiou 123'), 0);
    assert.equal(scanner.held(''), 0);
  });
});
