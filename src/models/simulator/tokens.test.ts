import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { countTokens, splitTokens } from './tokens.ts';

test('the tokens of any text are the text again, and none of them is empty', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme-ascii' }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const tokens = splitTokens(text);
      assert.equal(tokens.join(''), text);
      assert.ok(tokens.every((token) => token.length > 0));
      assert.equal(countTokens(text), tokens.length);
    }),
  );
});

test('no token tears a character that is two code units long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.ok(splitTokens(text).every((token) => token.isWellFormed()));
    }),
  );
});

test('English has about 4 characters a token, Chinese about one', () => {
  const english =
    'The gateway relays every request to the provider that the operator configured, and it records what each of them cost.';
  const perToken = english.length / countTokens(english);
  assert.ok(perToken > 3.5 && perToken < 5, `${perToken} characters a token`);
  const chinese = '网关把每个请求转发给运营者配置的提供商，并记录每次的费用。';
  const perCharacter = countTokens(chinese) / chinese.length;
  assert.ok(perCharacter >= 1 && perCharacter <= 1.5, `${perCharacter} tokens a character`);
});
