import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { noPostgres } from '../../../test/support/postgres-server.ts';
import { MemoryResponseStore } from '../../../test/support/response-store.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { PostgresResponseStore } from './response-store.ts';
import type { ResponseStore, StoredResponse } from './stored-response.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 0, 1);
const ADA = { project: 'ada', now: NOW };
const WIDE = { turns: 100, bytes: 1_000_000 };

function row(id: string, previousId?: string, own: Partial<StoredResponse> = {}): StoredResponse {
  const texts = { input: `["${id}","\\u0000 é 12345678901234567890"]`, response: '{"output":[]}' };
  const times = { createdAt: NOW, expiresAt: NOW + DAY };
  return { id, project: 'ada', keyId: 'key', model: 'm', previousId, ...texts, ...times, ...own };
}

const idsOf = (turns: readonly { readonly id: string }[]) => turns.map(({ id }) => id);

/** The one that other tests use behaves as the database does. */
for (const kind of ['memory', 'embedded', 'postgres'] as const) {
  describe(`responses kept in ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase | undefined;
    let store: ResponseStore = new MemoryResponseStore();
    before(async () => {
      if (kind === 'memory') return;
      opened = await openTracesDatabase(kind);
      store = new PostgresResponseStore(opened.database.orm);
    });
    after(() => opened?.close());
    beforeEach(async () => {
      if (opened) await opened.database.pool.query('truncate stored_responses');
      else store = new MemoryResponseStore();
    });

    test('one comes back as it went in, and what is there stays', async () => {
      const { id, previousId, input, response } = row('a', 'x');
      await store.add([row('a', 'x'), row('b')]);
      await store.add([row('a', 'x', { input: '["other"]' })]);
      assert.deepEqual(await store.find(['a', 'nobody'], ADA), [{ id, previousId, input, response, ...rest(kind) }]);
      assert.deepEqual(await store.find([], ADA), []);
    });

    test('a conversation is read from its end to its beginning, or to the first that is missing', async () => {
      await store.add([row('a'), row('b', 'a'), row('c', 'b'), row('d', 'gone')]);
      const turns = await store.chain('c', ADA, WIDE);
      assert.deepEqual(idsOf(turns), ['c', 'b', 'a']);
      assert.equal(turns.at(-1)?.previousId, undefined);
      assert.deepEqual(idsOf(await store.chain('d', ADA, WIDE)), ['d']);
      assert.deepEqual(await store.chain('nobody', ADA, WIDE), []);
    });

    test('promise 11: no more of a conversation is read than one beyond its bounds', async () => {
      await store.add([row('a'), row('b', 'a'), row('c', 'b'), row('d', 'c')]);
      assert.deepEqual(idsOf(await store.chain('d', ADA, { ...WIDE, turns: 2 })), ['d', 'c', 'b']);
      assert.deepEqual(idsOf(await store.chain('d', ADA, { ...WIDE, bytes: 60 })), ['d', 'c']);
    });

    test("promise 8: another project's are not there, not in the middle of a conversation either", async () => {
      await store.add([row('a', undefined, { project: 'bob' }), row('b', 'a'), row('c', 'b')]);
      assert.deepEqual(await store.find(['a'], ADA), []);
      assert.deepEqual(idsOf(await store.chain('c', ADA, WIDE)), ['c', 'b']);
      assert.deepEqual(await store.chain('a', ADA, WIDE), []);
      assert.equal(await store.remove('a', 'ada'), false);
      assert.deepEqual(idsOf(await store.find(['a'], { ...ADA, project: 'bob' })), ['a']);
      assert.equal(await store.remove('a', 'bob'), true);
      assert.equal(await store.remove('a', 'bob'), false);
    });

    test('what is over is not there, and goes in batches', async () => {
      await store.add([
        row('a', undefined, { expiresAt: NOW }),
        row('b', 'a', { expiresAt: NOW - 1 }),
        row('c', 'b', { expiresAt: NOW + 1 }),
      ]);
      assert.deepEqual(await store.find(['a'], ADA), []);
      assert.deepEqual(idsOf(await store.chain('c', ADA, WIDE)), ['c']);
      assert.equal(await store.expire(NOW, 1), 1);
      assert.equal(await store.expire(NOW, 10), 1);
      assert.equal(await store.expire(NOW, 10), 0);
      assert.deepEqual(idsOf(await store.find(['c'], ADA)), ['c']);
    });
  });
}

/** The memory gives whole rows. */
function rest(kind: string): Partial<StoredResponse> {
  const { project, keyId, model, createdAt, expiresAt } = row('a');
  return kind === 'memory' ? { project, keyId, model, createdAt, expiresAt } : {};
}
