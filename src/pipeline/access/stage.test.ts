import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Principal } from '../../core/call.ts';
import { hashApiKey, newApiKey } from './api-key.ts';
import { KeyDirectory } from './key-directory.ts';
import type { StoredKey } from './key-store.ts';
import { identify, mayUseModel } from './stage.ts';

const quiet = { warn() {}, info() {} };

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

class FakeStore {
  keys = new Map<string, StoredKey>();
  number = 1;
  down = false;

  async live(): Promise<Map<string, StoredKey>> {
    if (this.down) throw new Error('away');
    return new Map(this.keys);
  }

  async revision(): Promise<number> {
    if (this.down) throw new Error('away');
    return this.number;
  }

  set(key: string, row: StoredKey): void {
    this.keys.set(hashApiKey(key), row);
    this.number += 1;
  }

  remove(key: string): void {
    this.keys.delete(hashApiKey(key));
    this.number += 1;
  }
}

async function directoryOf(store: FakeStore, now = (): number => 1000): Promise<KeyDirectory> {
  const directory = new KeyDirectory(store, { now, monotonic: now }, quiet);
  await directory.start();
  return directory;
}

describe('the directory of keys', () => {
  test('knows a key, and forgets it at its end and when it is revoked', async (context) => {
    const key = newApiKey();
    const store = new FakeStore();
    let now = 1000;
    store.set(key, stored({ userId: 'ada', expiresAt: new Date(2000) }));
    const directory = await directoryOf(store, () => now);
    context.after(() => directory.close());
    assert.deepEqual(directory.find(key), { keyId: 'key_1', project: 'support', user: 'ada', models: undefined });
    now = 2000;
    assert.equal(directory.find(key), undefined, 'it expired');
    now = 1000;
    store.remove(key);
    await directory.refresh();
    assert.equal(directory.find(key), undefined, 'it was revoked');
  });

  test('sees within a second what another process changed', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const key = newApiKey();
    const store = new FakeStore();
    const directory = await directoryOf(store);
    context.after(() => directory.close());
    store.set(key, stored());
    assert.equal(directory.find(key), undefined);
    context.mock.timers.tick(999);
    await directory.refresh();
    assert.ok(directory.find(key));
  });

  test('promise 7: keeps what it knew while the database is away, and says so once', async (context) => {
    const said: string[] = [];
    const key = newApiKey();
    const store = new FakeStore();
    store.set(key, stored());
    const note = (_: object, message: string): void => void said.push(message);
    const clock = { now: () => 0, monotonic: () => 0 };
    const directory = new KeyDirectory(store, clock, { warn: note, info: note });
    await directory.start();
    context.after(() => directory.close());
    store.down = true;
    await directory.refresh();
    await directory.refresh();
    assert.ok(directory.find(key));
    store.down = false;
    await directory.refresh();
    assert.deepEqual(said.length, 2);
  });

  test('a change during a load is not missed', async (context) => {
    const [first, second] = [newApiKey(), newApiKey()];
    const store = new FakeStore();
    const directory = await directoryOf(store);
    context.after(() => directory.close());
    store.set(first, stored());
    const load = store.live.bind(store);
    store.live = async () => {
      const seen = await load();
      store.live = load;
      store.set(second, stored({ id: 'key_2' }));
      return seen;
    };
    await directory.refresh();
    await directory.refresh();
    assert.ok(directory.find(first));
    assert.ok(directory.find(second));
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
