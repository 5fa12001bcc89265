import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import type { Change } from '../../core/admin-request.ts';
import { GatewayError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { NewEvent } from '../../records/events/event.ts';
import { ADMIN } from '../identity/keyring.ts';
import { Attempts, REFUSAL_BOUNDS } from '../sign-in/attempts.ts';
import { AuditDesk } from './audit-desk.ts';
import type { AuditEntry } from './audit-store.ts';
import { shownState } from './shown-state.ts';

function desk() {
  const clock = new FakeClock();
  const entries: AuditEntry[] = [];
  const events: (NewEvent | string)[] = [];
  const lines: object[] = [];
  const state = { isAway: false };
  const audit = new AuditDesk({
    store: {
      add: async (entry) => {
        if (state.isAway) throw new GatewayError('storage_unavailable');
        entries.push(entry);
      },
    },
    clock,
    events: { raise: (event) => void events.push(event), resolve: (dedupe) => void events.push(dedupe) },
    log: { error: (facts) => void lines.push(facts) },
    refusals: new Attempts({ clock, bounds: REFUSAL_BOUNDS, told: () => undefined }),
  });
  return { audit, clock, entries, events, lines, state };
}

function change(parts: Partial<Change> = {}, address = '192.0.2.1'): Change {
  return {
    visitor: { method: 'PUT', headers: {}, address, isHttps: false },
    operator: ADMIN,
    route: '/admin/v1/budgets/:id',
    url: '/admin/v1/budgets/of%20all',
    status: 200,
    before: undefined,
    after: '{"usd":2,"project":"p"}',
    ...parts,
  };
}

test('a change has who, what, before and after', async () => {
  const { audit, entries } = desk();
  await audit.note(change({ before: '{"usd":1}' }));
  const { at: _at, ...entry } = entries[0] ?? assert.fail();
  assert.deepEqual(entry, {
    actor: 'admin key',
    role: 'admin',
    signedInBy: 'admin-key',
    address: '192.0.2.1',
    action: 'PUT /admin/v1/budgets/:id',
    subject: 'budgets/of all',
    project: 'p',
    status: 200,
    before: { usd: 1 },
    after: { usd: 2, project: 'p' },
  });
});

test('what cannot be written is in the log and told once it happens, and once it is over', async () => {
  const { audit, entries, events, lines, state } = desk();
  state.isAway = true;
  await audit.note(change());
  assert.equal(entries.length, 0);
  assert.equal((lines[0] as JsonObject)['subject'], 'budgets/of all');
  assert.deepEqual(
    events.map((event) => typeof event === 'string' || [event.kind, event.severity]),
    [['audit_failed', 'critical']],
  );
  state.isAway = false;
  await audit.note(change());
  await audit.note(change());
  assert.deepEqual([entries.length, events.length, events[1]], [2, 2, 'audit_failed']);
});

test('of what is refused only so much is written; what is changed always', async () => {
  const { audit, entries } = desk();
  for (let at = 0; at < 50; at += 1) await audit.note(change({ status: 401, operator: undefined }));
  assert.equal(entries.length, 10);
  for (let at = 0; at < 500; at += 1) await audit.note(change({ status: 403 }, `198.51.100.${at % 250}`));
  assert.equal(entries.length, 100);
  await audit.note(change());
  assert.equal(entries.length, 101);
  assert.equal(entries[0]?.actor, 'unknown');
});

test('promise 12: neither secrets nor what people wrote is kept', () => {
  const route = '/admin/v1/keys';
  const secret = 'not-a-known-form-of-a-secret';
  for (const value of [
    { key: secret },
    { apiKey: secret, nested: [{ client_secret: secret }] },
    { token: secret, password: secret, id: 'key_0' },
    { note: `Bearer ${secret}` },
    { url: `https://user:${secret}@example.com` },
  ]) {
    assert.doesNotMatch(JSON.stringify(shownState(JSON.stringify(value), route)), /not-a-known/, JSON.stringify(value));
  }
  const review = { id: 'rev_1', note: 'fine', request: 'TEXT', held: 'TEXT', edit: { body: 'TEXT' }, answer: 'TEXT' };
  assert.deepEqual(shownState(JSON.stringify(review), '/admin/v1/reviews/:id/approve'), { id: 'rev_1', note: 'fine' });
  assert.deepEqual(shownState('{"key":"key_0123abcd"}', route), { key: 'key_0123abcd' });
});

test('what is too long is left out, of a configuration all but its version', () => {
  const long = JSON.stringify({ text: 'x'.repeat(100_000) });
  assert.match(JSON.stringify(shownState(long, '/admin/v1/flags/:id')), /left_out.*bytes/);
  const config = JSON.stringify({ path: 'causeway.yaml', version: 'v1', effective: [], text: 'x'.repeat(100_000) });
  assert.deepEqual(shownState(config, '/admin/v1/config'), { path: 'causeway.yaml', version: 'v1' });
  assert.equal(shownState(undefined, '/admin/v1/flags/:id'), null);
  assert.deepEqual(shownState('a,b\n', '/admin/v1/flags/:id'), { left_out: 'no JSON' });
  assert.deepEqual(shownState('{"a":"\\u0000"}', '/admin/v1/flags/:id'), { a: '\uFFFD' });
});
