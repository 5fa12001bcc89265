import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { plainView } from './plain-view.ts';

const piece = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.constantFrom('\u200b', '\u00ad', '１', '２３', 'Ａ', '𝟙', '①', '①②', '㎏', '٣', '–', '　', '😀', '1️⃣', '中文'),
);
const texts = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));

test('places lead back into the source, in order, and what is plain there is the same', () => {
  fc.assert(
    fc.property(texts, (source) => {
      const view = plainView(source);
      let last = 0;
      for (let at = 0; at < view.text.length; at += 1) {
        const start = view.startOf(at);
        const end = view.endOf(at + 1);
        assert.ok(start >= 0 && start < end && end <= source.length);
        assert.ok(start >= last);
        last = start;
        const unit = view.text.charAt(at);
        if (end === start + 1 && unit !== source.charAt(start)) assert.match(source.charAt(start), /[^ -~]/);
      }
    }),
  );
});

test('a text of plain signs is its own view', () => {
  fc.assert(
    fc.property(fc.string(), (source) => {
      fc.pre(!source.includes('%'));
      assert.equal(plainView(source).text, source);
    }),
  );
});

test('what is wide, unseen or in other digits becomes plain', () => {
  const forms = [
    '１３８',
    '1\u200b3\u00ad8',
    '𝟏𝟑𝟖',
    '①③⑧',
    '¹³⁸',
    '١٣٨',
    '1️⃣3️⃣8️⃣',
    '1③8',
    '❶❸❽',
    '⓵⓷⓼',
    '᠑᠓᠘',
    '𑁧𑁩𑁮',
    '1\u03323\u03328\u0332',
    '%3138',
  ];
  for (const form of forms) assert.equal(plainView(form).text, '138', form);
});

test('one circled digit is the number of an item, not a digit', () => {
  assert.equal(plainView('①138').text, '①138');
  assert.equal(plainView('x² 3').text, 'x² 3');
  assert.equal(plainView('③1④3').text, '3143');
});

test('what URLs write with percent signs is read, and ends words where it is nothing of theirs', () => {
  assert.equal(plainView('john%40example.com%20%2B86').text, 'john@example.com|+86');
  assert.equal(plainView('100% of 5%').text, '100% of 5%');
});
