import { expect, test } from 'vitest';

import { keyHas } from './key-search.ts';

const KEY = { id: 'key_0198', hint: 'cw-…aB3x', project: 'support', user: 'Ada', models: ['chat', 'gpt-*'] };

test('a key is found by its end, its id, its project, its user and its models', () => {
  for (const words of ['aB3x', 'cw-…aB3x', 'KEY_0198', 'supp ada', 'gpt-', '']) expect(keyHas(KEY, words)).toBe(true);
});

test('all words have to be there', () => {
  expect(keyHas(KEY, 'support bob')).toBe(false);
  expect(keyHas({ ...KEY, user: null, models: null }, 'ada')).toBe(false);
});
