import { Text } from '@codemirror/state';
import { describe, expect, test } from 'vitest';

import { standing } from './draft.ts';
import { diagnosticsOf } from './editor-setup.ts';
import { matches } from './effective.ts';
import type { Effective, Problem } from './wire.ts';

describe('a draft of the file', () => {
  const file = { text: 'a: 1\n', version: 'v2' };

  test('follows the file until something is written', () => {
    expect(standing(undefined, file)).toEqual({ ...file, isDirty: false, isBehind: false });
    // Written as it is in the file again: there is nothing to save.
    expect(standing({ text: 'a: 1\n', version: 'v1' }, file)).toEqual({ ...file, isDirty: false, isBehind: false });
  });

  test('keeps the version it was made of, and is behind where the file is another', () => {
    expect(standing({ text: 'a: 2\n', version: 'v2' }, file)).toMatchObject({ isDirty: true, isBehind: false });
    expect(standing({ text: 'a: 2\n', version: 'v1' }, file)).toEqual({
      text: 'a: 2\n',
      version: 'v1',
      isDirty: true,
      isBehind: true,
    });
  });
});

const at = (line: number, column: number, source = 'file'): Problem => ({
  path: 'p',
  message: 'm',
  suggestion: null,
  line,
  column,
  source,
});

describe('marks of problems', () => {
  const doc = Text.of(['models:', '  chat: { targt: x }', '']);
  test('stand from the column to the end of the line', () => {
    expect(diagnosticsOf(doc, [at(2, 11), at(1, 1)])).toMatchObject([
      { from: 0, to: 7, message: 'p: m' },
      { from: 18, to: 28 },
    ]);
  });

  test('beyond the text there are none, nor for the environment', () => {
    expect(diagnosticsOf(doc, [at(9, 1), at(1, 1, 'environment')])).toEqual([]);
    expect(diagnosticsOf(doc, [at(1, 99)])).toMatchObject([{ from: 0, to: 7 }]);
  });
});

test('values are found by all words, and by origin', () => {
  const one: Effective = {
    path: 'server.port',
    value: 8080,
    origin: 'env:PORT',
    line: null,
    column: null,
    secret: false,
    restart: true,
    variables: [],
  };
  expect(matches(one, '', '')).toBe(true);
  expect(matches(one, 'SERVER 80', '')).toBe(true);
  expect(matches(one, 'server 81', '')).toBe(false);
  expect(matches(one, '', 'env')).toBe(true);
  expect(matches(one, '', 'file')).toBe(false);
});
