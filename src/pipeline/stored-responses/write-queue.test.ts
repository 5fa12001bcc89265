import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MemoryResponseStore } from '../../../test/support/response-store.ts';
import { GatewayError } from '../../core/errors.ts';
import type { StoredResponse } from './stored-response.ts';
import { WriteQueue } from './write-queue.ts';

function response(id: string, input = '[]'): StoredResponse {
  const owner = { project: 'p', keyId: 'k', model: 'm', previousId: undefined };
  return { id, ...owner, input, response: '{}', createdAt: 0, expiresAt: 1 };
}

function makeQueue(bounds: ConstructorParameters<typeof WriteQueue>[2] = {}) {
  const store = new MemoryResponseStore();
  const lines: string[] = [];
  const say = (_facts: object, message: string): void => void lines.push(message);
  return { store, lines, queue: new WriteQueue(store, { warn: say, error: say }, bounds) };
}

const AWAY = new GatewayError('storage_unavailable');

test('what comes together is written together, and can be read until then', async () => {
  const { store, queue } = makeQueue();
  for (const id of ['a', 'b', 'c']) queue.add(response(id));
  assert.equal(queue.get('b')?.id, 'b');
  await queue.close();
  assert.deepEqual([...store.rows.keys()], ['a', 'b', 'c']);
  assert.equal(store.adds, 1);
  assert.equal(queue.get('b'), undefined);
});

test('promise 7: what cannot be written waits until the database is back', async () => {
  const { store, queue } = makeQueue({ retryMs: 1 });
  store.failure = AWAY;
  queue.add(response('a'));
  while (store.adds < 3) await new Promise(setImmediate);
  assert.equal(queue.get('a')?.id, 'a');
  store.failure = undefined;
  queue.add(response('b'));
  await queue.close();
  assert.deepEqual([...store.rows.keys()], ['a', 'b']);
});

test('promise 11: what waits is bounded, in number and bytes, and what is lost is said', async () => {
  const few = makeQueue({ responses: 2 });
  for (const id of ['a', 'b', 'c', 'd', 'e']) few.queue.add(response(id));
  await few.queue.close();
  assert.deepEqual([...few.store.rows.keys()], ['a', 'b']);
  assert.equal(few.lines.length, 2);

  const small = makeQueue({ bytes: 20 });
  small.queue.add(response('a', '["0123456"]'));
  small.queue.add(response('b', '["0123456"]'));
  await small.queue.close();
  assert.deepEqual([...small.store.rows.keys()], ['a']);
  small.queue.add(response('late'));
  assert.equal(small.queue.get('late'), undefined);
});

test('what the database refuses takes nothing else along', async () => {
  const { store, queue, lines } = makeQueue();
  const add = store.add.bind(store);
  store.add = (rows) => (rows.some(({ id }) => id === 'b') ? Promise.reject(new Error('refused')) : add(rows));
  for (const id of ['a', 'b', 'c']) queue.add(response(id));
  await queue.close();
  assert.deepEqual([...store.rows.keys()], ['a', 'c']);
  assert.deepEqual(lines, ['a response could not be stored']);
});

test('one that is forgotten is not written later', async () => {
  const { store, queue } = makeQueue();
  queue.add(response('a'));
  await queue.forget('a');
  await queue.forget('nobody');
  await queue.close();
  assert.equal(store.rows.size, 0);
});

test('a close does not wait for a database that is away', async () => {
  const { store, queue, lines } = makeQueue({ retryMs: 60_000 });
  store.failure = AWAY;
  queue.add(response('a'));
  await queue.close(1);
  assert.deepEqual(lines, ['stored responses were not written']);
});
