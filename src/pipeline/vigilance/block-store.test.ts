import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import type { Block } from './block.ts';
import { PostgresBlockStore } from './postgres-block-store.ts';

const NOW = Date.UTC(2026, 10, 21);

function block(id: string, own: Partial<Block> = {}): Block {
  return {
    id,
    subject: { kind: 'key', id: 'key_1', project: undefined },
    reason: undefined,
    origin: 'auto',
    createdAt: new Date(NOW),
    expiresAt: new Date(NOW + 60_000),
    ...own,
  };
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`blocks in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let store: PostgresBlockStore;
    let now = NOW;
    before(async () => {
      opened = await openTracesDatabase(kind);
      store = new PostgresBlockStore(opened.database.orm, { now: () => now, monotonic: () => now });
    });
    after(() => opened.close());
    beforeEach(async () => {
      now = NOW;
      await opened.database.pool.query('truncate blocks');
    });

    test('there is one for each subject, also for one of no project', async () => {
      await Promise.all(['a', 'b', 'c'].map((id) => store.add(block(id))));
      assert.equal((await store.live()).length, 1);
      const ofProject = { kind: 'user', id: 'ada', project: 'p' } as const;
      await store.add(block('d', { subject: ofProject }));
      await store.add(block('e', { subject: { ...ofProject, project: undefined } }));
      assert.equal((await store.live()).length, 3);
    });

    test('what the gateway found makes none shorter; a person may', async () => {
      await store.add(block('a'));
      const shorter = block('b', { expiresAt: new Date(NOW + 1000) });
      assert.deepEqual((await store.add(shorter)).expiresAt, new Date(NOW + 60_000));
      assert.deepEqual((await store.add({ ...shorter, origin: 'admin' })).expiresAt, new Date(NOW + 1000));
    });

    test('pages have those in force, newest first; one that is over is in none', async () => {
      for (const [at, id] of ['a', 'b', 'c'].entries()) {
        const subject = { kind: 'key', id, project: undefined } as const;
        await store.add(
          block(id, { subject, createdAt: new Date(NOW + at), expiresAt: new Date(NOW + 1000 * (at + 1)) }),
        );
      }
      now = NOW + 1000;
      const [first] = await store.list(1);
      assert.equal(first?.id, 'c');
      const rest = await store.list(9, { at: first.createdAt, id: first.id });
      assert.deepEqual(
        rest.map(({ id }) => id),
        ['b'],
      );
      assert.equal(await store.remove('b'), true);
      assert.equal(await store.remove('b'), false);
      assert.deepEqual(
        (await store.live()).map(({ id }) => id),
        ['c'],
      );
    });
  });
}
