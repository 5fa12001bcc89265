import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { encodingOf, loadEncoding } from './encoding.ts';
import { splitText } from './split-text.ts';
import { Tokenizer } from './tokenizer.ts';

describe('the tokenizer', async () => {
  const o200k = await loadEncoding('o200k_base');
  const cl100k = await loadEncoding('cl100k_base');
  const thread = new Tokenizer();
  after(() => thread.close());

  it('is the one of the model', () => {
    const cases: [family: string, model: string, encoding: string | undefined][] = [
      ['openai', 'gpt-4o-mini', 'o200k_base'],
      ['openai', 'gpt-4.1', 'o200k_base'],
      ['openai', 'gpt-5.4-nano', 'o200k_base'],
      ['openai', 'gpt-6-sol', 'o200k_base'],
      ['openai', 'o3', 'o200k_base'],
      ['openai', 'gpt-4', 'cl100k_base'],
      ['openai', 'gpt-4-turbo-2024-04-09', 'cl100k_base'],
      ['openai', 'gpt-3.5-turbo', 'cl100k_base'],
      ['openai', 'text-embedding-3-small', 'cl100k_base'],
      ['groq', 'openai/gpt-oss-120b', 'o200k_base'],
      ['openai', 'davinci', undefined],
      ['anthropic', 'claude-opus-4-5', undefined],
    ];
    for (const [family, model, encoding] of cases) assert.equal(encodingOf(family, model), encoding, model);
  });

  it('counts as its makers do', () => {
    // https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb (checked 2026-11-21)
    const cases: [string, o200k: number, cl100k: number][] = [
      ['antidisestablishmentarianism', 6, 6],
      ['2 + 2 = 4', 7, 7],
      ['お誕生日おめでとう', 8, 9],
    ];
    for (const [text, newer, older] of cases) {
      assert.deepEqual([o200k.count(text), cl100k.count(text)], [newer, older], text);
    }
  });

  it('takes special tokens in a prompt as text', () => {
    assert.ok(o200k.count('<|endoftext|>') > 1);
  });

  it('counts the same in its thread, several texts together', async () => {
    const texts = ['Hello, world', '你好，世界', ''];
    const expected = texts.reduce((sum, text) => sum + o200k.count(text), 0);
    assert.equal(await thread.count('o200k_base', texts), expected);
    assert.equal(await thread.count('cl100k_base', ['2 + 2 = 4']), 7);
    const many = await Promise.all(Array.from({ length: 50 }, () => thread.count('o200k_base', texts)));
    assert.deepEqual(new Set(many), new Set([expected]));
  });

  it('promise 11: lets no more wait than it can count soon', async () => {
    const large = 'a '.repeat(5 * 1024 * 1024);
    const [first, second] = await Promise.all([
      thread.count('o200k_base', [large]),
      thread.count('o200k_base', [large]),
    ]);
    assert.equal(typeof first, 'number');
    assert.equal(second, undefined);
    assert.equal(typeof (await thread.count('o200k_base', ['a'])), 'number');
  });

  it('answers after its thread was ended', async () => {
    const mortal = new Tokenizer();
    const lost = mortal.count('o200k_base', ['a '.repeat(1_000_000)]);
    await mortal.close();
    assert.equal(await lost, undefined);
    assert.equal(await mortal.count('o200k_base', ['Hello']), 1);
    await mortal.close();
  });

  it('law: splitting loses nothing, and changes no count of text with words in it', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    const prose = fc.array(word, { minLength: 2000, maxLength: 6000 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(prose, (text) => {
        const pieces = splitText(text);
        assert.equal(pieces.join(''), text);
        assert.equal(
          pieces.reduce((sum, piece) => sum + o200k.count(piece), 0),
          o200k.count(text),
        );
      }),
      { numRuns: 20 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 5000 }), (text) => {
        assert.equal(splitText(text).join(''), text);
      }),
      { numRuns: 50 },
    );
  });

  it('promise 11: takes time in proportion to the length of any text', () => {
    for (const unit of ['a', '中', '!', ' ', '\n', '😀', 'ab1']) {
      const text = unit.repeat(Math.ceil(100_000 / unit.length));
      const pieces = splitText(text);
      assert.equal(pieces.join(''), text);
      assert.ok(
        pieces.every(({ length }) => length <= 1024),
        unit,
      );
    }
  });
});
