import { describe, expect, it } from 'vitest';

import { shownPatches, valueAt } from './patches.ts';

const BODY = { model: 'chat', messages: [{ content: 'Hi' }], 'a/b': { '~': 1 } };

describe('patches', () => {
  it('are shown beside what stood there', () => {
    const patches = [
      { op: 'set', path: '/model', value: 'small' },
      { op: 'set', path: '/stream_options', value: { include_usage: true } },
      { op: 'remove', path: '/messages/0/content' },
      { op: 'insert', path: '/messages/0', value: 'new' },
    ] as const;
    expect(shownPatches(patches, BODY).map(({ before, after }) => [before, after])).toEqual([
      ['"chat"', '"small"'],
      [undefined, '{\n  "include_usage": true\n}'],
      ['"Hi"', undefined],
      [undefined, '"new"'],
    ]);
  });

  it('are found where names have slashes', () => {
    expect(valueAt(BODY, '/a~1b/~0')).toBe(1);
  });

  it('do not read what every object has', () => {
    expect(valueAt(BODY, '/constructor/name')).toBeUndefined();
    expect(valueAt('cut', '/model')).toBeUndefined();
  });
});
