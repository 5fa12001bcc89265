import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../../../core/events.ts';
import * as fc from '../../../../../test/support/fast-check.ts';
import { unitLength } from '../../../../models/vectors/embed/encoder.ts';
import { textIn } from '../../../../models/answers/text-in.ts';
import { gistOf, sayTheSame } from './gist.ts';
import { normalized } from './normalized.ts';

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const number = fc.integer({ min: 0, max: 9999 }).map(String);
const sentence = fc.array(fc.oneof(word, number), { minLength: 1, maxLength: 12 });
const gap = fc.constantFrom(' ', '  ', '\n', ', ', '! ', '… ', ' “', '” ');

describe('the spelling of an answer', () => {
  it('does not count case, white space and punctuation', () => {
    fc.assert(
      fc.property(sentence, fc.array(gap, { minLength: 12, maxLength: 12 }), (words, gaps) => {
        const other = words.map((one, at) => one.toUpperCase() + (gaps[at] ?? ' ')).join('');
        assert.equal(normalized(other), normalized(words.join(' ')));
      }),
    );
  });

  it('counts each word and each number', () => {
    fc.assert(
      fc.property(sentence, sentence, (words, others) => {
        assert.equal(
          normalized(words.join(' ')) === normalized(others.join(' ')),
          words.join(' ') === others.join(' '),
        );
      }),
    );
  });

  const DIFFERENT: readonly (readonly [string, string])[] = [
    ['3.5', '35'],
    ['1,000', '1'],
    ['-5', '5'],
    ['It is −5 °C.', 'It is 5 °C.'],
    ['5%', '5'],
    ['$5', '€5'],
    ['10:30', '1030'],
    ['a < b', 'a > b'],
    ['👍', '👎'],
    ['C++', 'C'],
    ['是', '不是'],
  ];
  for (const [one, other] of DIFFERENT) {
    it(`${one} is not ${other}`, () => assert.notEqual(normalized(one), normalized(other)));
  }

  it('does not count the form of characters', () => {
    assert.equal(normalized('Ｔｏｔａｌ： １２３'), normalized('total: 123.'));
    assert.equal(normalized('是的。'), normalized('是的'));
  });
});

const LONG = 'The card is sent by post and arrives within some days. '.repeat(5);

function made(...values: number[]) {
  return { space: 'test', vector: unitLength(Float32Array.from(values)) };
}

describe('two answers say the same', () => {
  it('where they are short, by their spelling alone', () => {
    assert.equal(sayTheSame(gistOf('Paris.'), gistOf('paris')), true);
    assert.equal(sayTheSame(gistOf('Paris.'), gistOf('It is Paris.')), false);
    assert.equal(sayTheSame(gistOf('Paris.'), gistOf(LONG, made(1, 0))), false);
  });

  it('where they are long, by their vectors', () => {
    const one = gistOf(LONG, made(1, 0));
    assert.equal(sayTheSame(one, gistOf(`Well. ${LONG}`, made(1, 0.1))), true);
    assert.equal(sayTheSame(one, gistOf(`Well. ${LONG}`, made(1, 1))), false);
    assert.equal(sayTheSame(one, gistOf(`Well. ${LONG}`, { ...made(1, 0.1), space: 'other' })), false);
    assert.equal(sayTheSame(one, gistOf(`Well. ${LONG}`)), undefined);
  });

  it('but not where a number, a negation or the length differs, whatever their vectors', () => {
    const one = gistOf(`${LONG} It takes 5 days.`, made(1, 0));
    assert.equal(sayTheSame(one, gistOf(`${LONG} It takes 7 days.`, made(1, 0))), false);
    assert.equal(sayTheSame(one, gistOf(`${LONG} It never takes 5 days.`, made(1, 0))), false);
    assert.equal(sayTheSame(gistOf(LONG, made(1, 0)), gistOf(LONG.repeat(3), made(1, 0))), false);
  });
});

describe('the text of an answer', () => {
  const text: StreamEvent = { type: 'text-delta', choice: 0, index: 0, text: 'Paris' };
  const stop: StreamEvent = { type: 'finish', choice: 0, reason: 'stop' };

  it('is what its pieces say, without what was thought before it', () => {
    const thought: StreamEvent = { type: 'reasoning-delta', choice: 0, index: 0, text: 'Hm.' };
    assert.equal(textIn([thought, text, { ...text, text: '.' }, stop, { type: 'end' }]), 'Paris.');
  });

  it('is none where the answer is more than that, or less', () => {
    assert.equal(textIn([text, { type: 'tool-call-start', choice: 0, index: 1, id: '1', name: 'f' }, stop]), undefined);
    assert.equal(textIn([text, { ...text, choice: 1 }, stop]), undefined);
    assert.equal(textIn([text, { type: 'finish', choice: 0, reason: 'length' }]), undefined);
    assert.equal(textIn([text, { type: 'other-content', choice: 0 }, stop]), undefined);
    assert.equal(textIn([stop]), undefined);
  });
});
