import { expect, test } from 'vitest';

import { shellQuoted } from './shell.ts';

test('a text stays one word of a shell, whatever is in it', () => {
  expect(shellQuoted(`it's $HOME "here"`)).toBe(String.raw`'it'\''s $HOME "here"'`);
});
