import assert from 'node:assert/strict';
import { test } from 'node:test';

import { KnownPaths } from './known-paths.ts';

test('a path is known under the methods of every pattern that it fits', () => {
  const known = new KnownPaths();
  known.add('POST', '/v1/chat/completions');
  known.add(['GET', 'DELETE'], '/admin/v1/keys/:id');
  known.add('GET', '/v1/models/*');
  assert.deepEqual(known.methodsOf('/v1/chat/completions'), ['POST']);
  assert.deepEqual(known.methodsOf('/admin/v1/keys/key_1'), ['GET', 'DELETE']);
  assert.deepEqual(known.methodsOf('/v1/models/lab/echo:1'), ['GET']);
  for (const path of ['/v1/chat', '/v1/chat/completions/', '/admin/v1/keys', '/admin/v1/keys/a/b', '/v1/models', '']) {
    assert.deepEqual(known.methodsOf(path), [], path);
  }
});
