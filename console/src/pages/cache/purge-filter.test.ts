import { expect, test } from 'vitest';

import { purgeBody, purgeScope } from './purge-filter.ts';

test('a purge names what was filled in, and all only where that was said', () => {
  expect(purgeBody({}, false)).toBeUndefined();
  expect(purgeBody({ model: '  ' }, false)).toBeUndefined();
  expect(purgeBody({ model: ' chat ', tag: 'faq', user: '' }, false)).toEqual({ model: 'chat', tag: 'faq' });
  expect(purgeBody({ model: 'chat' }, true)).toEqual({ all: true });
});

test('what it affects can be asked by model, project and user', () => {
  expect(purgeScope({ model: 'chat', tag: 'faq', key: 'x' })).toEqual({ model: 'chat' });
  expect(purgeScope({ all: true })).toEqual({});
});
