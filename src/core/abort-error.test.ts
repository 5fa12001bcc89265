import assert from 'node:assert/strict';
import { it } from 'node:test';

import { abortError, abortedBy } from './abort-error.ts';
import { GatewayError } from './errors.ts';

it('says who ended a call, and is told from it again', () => {
  for (const by of ['client', 'deadline', 'shutdown'] as const) assert.equal(abortedBy(abortError(by)), by);
});

it('is no abort where a guard blocks a request', () => {
  assert.equal(abortError('guard').code, 'guard_blocked');
  assert.equal(abortedBy(new GatewayError('guard_blocked')), undefined);
});
