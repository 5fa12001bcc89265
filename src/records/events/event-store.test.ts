import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { type EventRow, EventStore } from './event-store.ts';

const NOW = Date.UTC(2026, 10, 21);

function row(id: string, own: Partial<EventRow> = {}): EventRow {
  const facts = {
    kind: 'suspicious_use',
    severity: 'warning',
    subject: 'key:1',
    dedupe: null,
    evidence: '{"count":1}',
  };
  return { id, at: new Date(NOW), ...facts, ...own };
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`events in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let store: EventStore;
    before(async () => {
      opened = await openTracesDatabase(kind);
      store = new EventStore(opened.database);
    });
    after(() => opened.close());
    beforeEach(() => opened.database.pool.query('truncate events'));

    test('one comes back as it went in', async () => {
      assert.equal(await store.add(row('a')), true);
      const [event] = await store.list({ kind: 'suspicious_use', since: new Date(NOW) }, 9);
      assert.deepEqual(event, { ...row('a'), evidence: { count: 1 }, resolvedAt: null });
      assert.deepEqual(await store.list({ subject: 'key:2' }, 9), []);
      assert.deepEqual(await store.list({ until: new Date(NOW) }, 9), [], 'what is just then is not before it');
    });

    test('of many replicas that tell the same one does, until it is over', async () => {
      const told = await Promise.all(['a', 'b', 'c', 'd'].map((id) => store.add(row(id, { dedupe: 'same' }))));
      assert.equal(told.filter(Boolean).length, 1);
      assert.equal(await store.resolve('same', new Date(NOW)), true);
      assert.equal(await store.resolve('same', new Date(NOW)), false);
      assert.equal(await store.add(row('e', { dedupe: 'same' })), true);
    });

    test('pages have each once, newest first; the oldest go first', async () => {
      for (const [at, id] of ['a', 'b', 'c', 'd'].entries())
        await store.add(row(id, { at: new Date(NOW + (at >> 1)) }));
      const [first, second] = await store.list({}, 2);
      assert.deepEqual([first?.id, second?.id], ['d', 'c']);
      assert.ok(second);
      assert.deepEqual(
        (await store.list({}, 9, second)).map(({ id }) => id),
        ['b', 'a'],
      );
      assert.equal(await store.expire('suspicious_use', new Date(NOW + 1), 1), 1);
      assert.equal((await store.list({}, 9)).length, 3);
    });
  });
}
