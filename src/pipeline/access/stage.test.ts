import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ManualRevisions } from '../../../test/support/manual-revisions.ts';
import type { Principal } from '../../core/call.ts';
import { hashApiKey, newApiKey } from './api-key.ts';
import { KeyDirectory } from './key-directory.ts';
import type { StoredKey } from './key-store.ts';
import { identify, mayUseModel } from './stage.ts';

function stored(change: Partial<StoredKey> = {}): StoredKey {
  return {
    id: 'key_1',
    hint: 'cw-…abcd',
    project: 'support',
    userId: null,
    models: null,
    createdAt: new Date(0),
    expiresAt: null,
    revokedAt: null,
    ...change,
  };
}

/** A directory on keys that the test holds. */
async function house() {
  const keys = new Map<string, StoredKey>();
  const organisations = new Map<string, string>();
  const time = { now: 1000 };
  const revisions = new ManualRevisions();
  const directory = new KeyDirectory({
    store: { live: async () => new Map(keys) },
    clock: { now: () => time.now, monotonic: () => time.now },
    revisions,
    organisationOf: (project) => organisations.get(project),
  });
  await directory.start();
  return { keys, organisations, time, revisions, directory };
}

describe('the directory of keys', () => {
  test('knows a key, and forgets it at its end and when it is revoked', async () => {
    const key = newApiKey();
    const { keys, time, directory } = await house();
    keys.set(hashApiKey(key), stored({ userId: 'ada', expiresAt: new Date(2000) }));
    assert.equal(directory.find(key), undefined);
    await directory.refresh();
    const ada = { keyId: 'key_1', project: 'support', organisation: undefined, user: 'ada', models: undefined };
    assert.deepEqual(directory.find(key), ada);
    time.now = 2000;
    assert.equal(directory.find(key), undefined, 'it expired');
    time.now = 1000;
    keys.clear();
    await directory.refresh();
    assert.equal(directory.find(key), undefined, 'it was revoked');
  });

  test('names the organisation of the project, also where that comes later', async () => {
    const key = newApiKey();
    const { keys, organisations, directory } = await house();
    keys.set(hashApiKey(key), stored());
    await directory.refresh();
    assert.equal(directory.find(key)?.organisation, undefined);
    organisations.set('support', 'acme');
    directory.organisationsChanged();
    assert.equal(directory.find(key)?.organisation, 'acme');
  });

  test('promise 7: what it keeps for a start without the database is what it knows', async () => {
    const [first, second] = [newApiKey(), newApiKey()];
    const { keys, time, revisions, directory } = await house();
    keys.set(hashApiKey(first), stored({ models: ['chat'], expiresAt: new Date(5000) }));
    keys.set(hashApiKey(second), stored({ id: 'key_2', userId: 'ada' }));
    await directory.refresh();
    const kept = JSON.parse(JSON.stringify(revisions.states[0]?.kept?.save()));
    assert.ok(!JSON.stringify(kept).includes(first.slice(3)));
    const other = await house();
    other.revisions.states[0]?.kept?.load(kept);
    for (const key of [first, second]) assert.deepEqual(other.directory.find(key), directory.find(key));
    time.now = other.time.now = 5000;
    assert.equal(other.directory.find(first), undefined, 'it expires there, too');
  });
});

describe('who is calling', () => {
  const principal: Principal = { keyId: 'key_1', project: 'support', user: undefined, models: undefined };
  const directory = { find: (key: string) => (key === 'cw-good' ? principal : undefined) };
  const who = (headers: Record<string, string>): Principal => identify({ headers }, directory);

  test('the key may stand in any of three headers', () => {
    assert.equal(who({ authorization: 'Bearer cw-good' }), principal);
    assert.equal(who({ authorization: 'bearer   cw-good ' }), principal);
    assert.equal(who({ 'x-api-key': 'cw-good' }), principal);
    assert.equal(who({ 'x-goog-api-key': 'cw-good' }), principal);
    assert.equal(who({ 'x-causeway-api-key': 'cw-good' }), principal);
  });

  test('our own header wins, so that the others may carry a credential of the provider', () => {
    assert.equal(who({ 'x-causeway-api-key': 'cw-good', authorization: 'Bearer sk-ant-oat-1' }), principal);
    assert.throws(() => who({ 'x-causeway-api-key': 'cw-bad', authorization: 'Bearer cw-good' }), {
      code: 'auth_invalid_key',
    });
  });

  test('no key and a wrong key are told apart', () => {
    assert.throws(() => who({}), { code: 'auth_missing_key' });
    assert.throws(() => who({ authorization: 'Basic abc' }), { code: 'auth_missing_key' });
    assert.throws(() => who({ authorization: 'Bearer ' }), { code: 'auth_missing_key' });
    assert.throws(() => who({ authorization: 'Bearer cw-bad' }), { code: 'auth_invalid_key' });
  });

  test('a key may be held to models, by name or by prefix', () => {
    const held = { ...principal, models: ['chat', 'openai/gpt-5*'] };
    assert.ok(mayUseModel(principal, 'anything'));
    assert.ok(mayUseModel(held, 'chat'));
    assert.ok(mayUseModel(held, 'openai/gpt-5-mini'));
    for (const model of ['chat2', 'cha', 'openai/gpt-4o', '']) assert.equal(mayUseModel(held, model), false, model);
  });
});
