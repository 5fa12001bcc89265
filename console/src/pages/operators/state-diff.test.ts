import { expect, test } from 'vitest';

import { diffStates } from './state-diff.ts';

test('a field that changed stands with what it was and what it is', () => {
  expect(diffStates({ usd: 10, hard: true }, { usd: 20, hard: true })).toEqual([
    { path: 'usd', kind: 'changed', before: '10', after: '20' },
    { path: 'hard', kind: 'same', before: 'true', after: 'true' },
  ]);
});

test('what was made has only new fields, what was deleted only old ones', () => {
  expect(diffStates(null, { name: 'bot' })).toEqual([{ path: 'name', kind: 'added', before: undefined, after: 'bot' }]);
  expect(diffStates({ name: 'bot' }, null)).toEqual([
    { path: 'name', kind: 'removed', before: 'bot', after: undefined },
  ]);
  expect(diffStates(null, null)).toEqual([]);
});

test('fields under fields have paths; lists of plain values are one value', () => {
  const before = { models: ['a', 'b'], route: { targets: [{ model: 'x' }] } };
  const after = { models: ['a'], route: { targets: [{ model: 'x' }, { model: 'y' }] } };
  expect(diffStates(before, after)).toEqual([
    { path: 'models', kind: 'changed', before: '["a","b"]', after: '["a"]' },
    { path: 'route.targets[0].model', kind: 'same', before: 'x', after: 'x' },
    { path: 'route.targets[1].model', kind: 'added', before: undefined, after: 'y' },
  ]);
});

test('a field that went away stands where it stood', () => {
  const paths = diffStates({ a: 1, b: 2, c: 3, d: 4 }, { a: 1, c: 3, e: 5 }).map(({ path, kind }) => `${path} ${kind}`);
  expect(paths).toEqual(['a same', 'b removed', 'c same', 'e added', 'd removed']);
});

test('fields in another order are the same fields', () => {
  const kinds = diffStates({ a: 1, b: 2, c: 3 }, { c: 3, a: 1, b: 2 }).map(({ kind }) => kind);
  expect(kinds).toEqual(['same', 'same', 'same']);
});

test('a text that looks like another value is quoted; an empty object is one value', () => {
  const values = diffStates(null, { a: '1', b: 1, c: 'null', d: null, e: '', f: {}, g: 'so-so' }).map(
    ({ after }) => after,
  );
  expect(values).toEqual(['"1"', '1', '"null"', 'null', '""', '{}', 'so-so']);
});
