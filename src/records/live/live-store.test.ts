import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { EventStore } from '../events/event-store.ts';
import { moveJournal } from '../journal/position-store.ts';
import { readLiveRecords } from './live-store.ts';

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`what is looked at in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    before(async () => (opened = await openTracesDatabase(kind)));
    after(() => opened.close());

    test('changes with each batch of traces, of whatever replica', async () => {
      const { database } = opened;
      assert.deepEqual(await readLiveRecords(database), { traces: '', events: '0/0', alerts: 0 });
      const client = await database.pool.connect();
      const seen = new Set<string>();
      try {
        for (const journal of ['one', 'two', 'one']) {
          const from = seen.size === 2 ? { segment: 1, offset: 1 } : undefined;
          await moveJournal(client, { journal, from, to: { segment: 1, offset: seen.size + 1 } });
          // The one connection of the embedded database is lent to this loop.
          seen.add((await readLiveRecords({ kind, pool: client as never })).traces);
        }
      } finally {
        client.release();
      }
      assert.equal(seen.size, 3);
    });

    test('changes with each event that is raised, and that is over', async () => {
      const { database } = opened;
      const store = new EventStore(database);
      const event = { subject: 's', severity: 'warning', evidence: '{}' } as const;
      const at = new Date(1_700_000_000_000);
      await store.add({ ...event, id: 'event_1', at, kind: 'alert', dedupe: 'a' });
      const one = await readLiveRecords(database);
      await store.add({ ...event, id: 'event_2', at, kind: 'review_waiting', dedupe: 'b' });
      const two = await readLiveRecords(database);
      await store.resolve('a', at);
      const three = await readLiveRecords(database);
      await store.add({ ...event, id: 'event_3', at: new Date(at.getTime() + 1), kind: 'blocked', dedupe: null });
      const four = await readLiveRecords(database);
      const said = [one, two, three, four].map(({ events }) => events);
      assert.ok(
        said.every((text, place) => text !== said[place + 1]),
        said.join(),
      );
      assert.deepEqual([one.alerts, two.alerts, three.alerts], [1, 1, 0]);
    });
  });
}
