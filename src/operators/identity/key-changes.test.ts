import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { ManualRevisions } from '../../../test/support/manual-revisions.ts';
import { GatewayError } from '../../core/errors.ts';
import { keyChanges } from './key-changes.ts';
import { OperatorDirectory } from './operator-directory.ts';
import { hashSecret, newOperatorKey } from './operator-key.ts';
import type { StoredOperatorKey } from './operator-key-store.ts';

const away = () => Promise.reject(new GatewayError('storage_unavailable'));

const stored = (id: string): StoredOperatorKey => ({
  id,
  name: id,
  role: 'editor',
  projects: null,
  hint: '',
  createdAt: new Date(0),
  createdBy: 'ada',
  expiresAt: null,
  revokedAt: null,
});

test('a revoked key opens nothing from then on, and it is said so, though all else fails', async () => {
  const [revoked, other] = [newOperatorKey(), newOperatorKey()];
  const live = new Map([
    [hashSecret(revoked), stored('a')],
    [hashSecret(other), stored('b')],
  ]);
  let replaced = 0;
  const directory = new OperatorDirectory({
    store: { live: async () => live },
    clock: new FakeClock(),
    revisions: Object.assign(new ManualRevisions(), { refresh: away }),
    replaced: () => (replaced += 1),
  });
  await directory.start();
  const warnings: string[] = [];
  const log = { warn: (_facts: object, message: string) => void warnings.push(message) };
  const changes = keyChanges({ directory, sessions: { endOf: away }, log });
  await changes.made();
  await changes.revoked('a');
  assert.deepEqual([directory.find(revoked), directory.isLive('a')], [undefined, false]);
  assert.equal(directory.find(other)?.credential, 'b');
  assert.deepEqual([warnings.length, replaced], [3, 2]);
});
