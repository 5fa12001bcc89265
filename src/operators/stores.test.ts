import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { FakeClock } from '../../test/support/fake-clock.ts';
import { ManualRevisions } from '../../test/support/manual-revisions.ts';
import { noPostgres } from '../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../test/support/traces-database.ts';
import { DAY_MS, HOUR_MS } from '../core/units.ts';
import { type AuditEntry, AuditStore } from './audit/audit-store.ts';
import { oldEntries } from './audit/old-entries.ts';
import { OperatorDirectory } from './identity/operator-directory.ts';
import { OperatorKeyStore } from './identity/operator-key-store.ts';
import { oldSessions } from './sessions/old-sessions.ts';
import { type Session, SessionStore } from './sessions/session-store.ts';

const ENTRY: Omit<AuditEntry, 'at'> = {
  actor: 'ada',
  role: 'editor',
  signedInBy: 'operator-key',
  address: '192.0.2.1',
  action: 'PUT /x',
  subject: 'x/%_',
  project: null,
  status: 200,
  before: null,
  after: null,
};

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`operators in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    const clock = new FakeClock();
    let opened: TracesDatabase;
    before(async () => (opened = await openTracesDatabase(kind)));
    after(() => opened.close());
    const now = (agoMs = 0): Date => new Date(clock.now() - agoMs);

    test('keys are made, found by what is kept of them, expire and are revoked', async () => {
      const store = new OperatorKeyStore(opened.database.orm, clock);
      const revisions = new ManualRevisions();
      const directory = new OperatorDirectory({ store, clock, revisions });
      await directory.start();
      const common = { role: 'viewer', createdBy: 'ada' } as const;
      const scoped = await store.create({ ...common, name: 'a', projects: ['p'], expiresAt: now(-HOUR_MS) });
      const open = await store.create({ ...common, name: 'b', projects: undefined, expiresAt: undefined });
      assert.equal(directory.find(open.key), undefined, 'not known before it is loaded');
      await revisions.refresh();
      assert.deepEqual(directory.find(scoped.key)?.operator, {
        name: 'a',
        role: 'viewer',
        projects: ['p'],
        by: 'operator-key',
      });
      assert.equal(directory.find(`${open.key.slice(0, -1)}!`), undefined);
      const kept = JSON.stringify(revisions.states[0]?.kept?.save());
      assert.ok(kept.includes(open.id) && !kept.includes(open.key));
      const offline = new ManualRevisions();
      offline.follow = async (state) => state.kept?.load(JSON.parse(kept));
      const restarted = new OperatorDirectory({ store, clock, revisions: offline });
      await restarted.start();
      assert.deepEqual(restarted.find(scoped.key), directory.find(scoped.key));
      clock.advance(HOUR_MS);
      assert.deepEqual([directory.find(scoped.key), directory.isLive(scoped.id)], [undefined, false]);
      assert.equal(await store.revoke(open.id), true);
      assert.equal(await store.revoke(open.id), false);
      await revisions.refresh();
      assert.equal(directory.find(open.key), undefined);
      assert.deepEqual(
        new Map((await store.list(9, undefined)).map(({ name, revokedAt }) => [name, revokedAt !== null])),
        new Map([
          ['a', false],
          ['b', true],
        ]),
      );
    });

    test('sessions that are over are deleted, and no others', async () => {
      const store = new SessionStore(opened.database);
      const session: Session = {
        tokenHash: 'a',
        name: 'ada',
        role: 'editor',
        projects: null,
        signedInBy: 'operator-key',
        credential: 'key',
        address: '192.0.2.1',
        createdAt: now(),
        expiresAt: now(-HOUR_MS),
      };
      await store.add(session);
      await store.add({ ...session, tokenHash: 'b', projects: ['p'], expiresAt: now() });
      await store.extend('a', now(HOUR_MS));
      assert.deepEqual(await store.find('a'), session, 'no session is made shorter');
      assert.deepEqual(
        (await store.list(now(), 9, undefined)).map(({ tokenHash }) => tokenHash),
        ['a'],
      );
      assert.equal(await oldSessions(store, clock).delete(9), 1);
      assert.deepEqual([(await store.find('a'))?.name, await store.find('b')], ['ada', undefined]);
      await store.endOf('another key');
      assert.ok(await store.find('a'));
      await store.endOf('key');
      assert.equal(await store.find('a'), undefined);
    });

    test('the audit log is kept for as long as it is to be', async () => {
      const store = new AuditStore(opened.database);
      for (const days of [1, 399, 401, 500]) await store.add({ ...ENTRY, at: now(days * DAY_MS), after: { days } });
      const old = oldEntries(store, clock, () => 400 * DAY_MS);
      assert.deepEqual([await old.delete(1), await old.delete(9)], [1, 1]);
      const left = await store.list({ subject: 'x' }, 9);
      assert.deepEqual(
        left.map(({ after: state }) => state),
        [{ days: 1 }, { days: 399 }],
      );
      assert.deepEqual(await store.list({ subject: 'x/%' }, 9), []);
    });
  });
}
