import { expect, test } from 'vitest';

import description from '../../../../docs/openapi.json';
import { deedOf } from './deeds.ts';

/** They change nothing, or are written down under a name of their own. */
const NO_DEEDS = new Set([
  'POST /admin/v1/session',
  'DELETE /admin/v1/session',
  'POST /admin/v1/prices/compare',
  'POST /admin/v1/config/validate',
  'POST /admin/v1/estimate',
  'POST /admin/v1/guards/try',
  'POST /admin/v1/routes/explain',
  'POST /admin/v1/routes/preview',
]);

test('every change that the admin API knows has a word', () => {
  const changes = Object.entries(description.paths)
    .filter(([path]) => path.startsWith('/admin/v1/'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .filter((action) => /^(?:POST|PUT|DELETE|PATCH) /.test(action) && !NO_DEEDS.has(action));
  expect(changes.length).toBeGreaterThan(30);
  expect(changes.filter((action) => deedOf(action) === undefined)).toEqual([]);
});

test('names of routes are read as the log writes them', () => {
  expect(deedOf('DELETE /admin/v1/keys/:id')).toBe('revokeKey');
  expect(deedOf('sign-in')).toBe('signIn');
  expect(deedOf('GET /admin/v1/keys')).toBeUndefined();
});
