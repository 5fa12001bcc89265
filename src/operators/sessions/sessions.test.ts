import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { DAY_MS, HOUR_MS } from '../../core/units.ts';
import { ADMIN } from '../identity/keyring.ts';
import type { Session } from './session-store.ts';
import { Sessions, type SessionsDeps } from './sessions.ts';

const MINUTE_MS = 60_000;

/** Sessions over a store in memory, which counts what it is asked and may be away. */
class House {
  readonly clock = new FakeClock();
  readonly rows = new Map<string, Session>();
  isAway = false;
  /** Answers come when the test says so. */
  isSlow = false;
  readonly waiting: (() => void)[] = [];
  asked = 0;
  credential = 'right';

  #reach<Value>(value: () => Value): Promise<Value> {
    this.asked += 1;
    if (this.isAway) return Promise.reject(new GatewayError('storage_unavailable'));
    const found = value();
    if (!this.isSlow) return Promise.resolve(found);
    return new Promise((resolve) => this.waiting.push(() => resolve(found)));
  }

  readonly store: SessionsDeps['store'] = {
    add: (session) => this.#reach(() => void this.rows.set(session.tokenHash, session)),
    find: (hash) => this.#reach(() => this.rows.get(hash)),
    extend: (hash, expiresAt) =>
      this.#reach(() => {
        const row = this.rows.get(hash);
        if (row) this.rows.set(hash, { ...row, expiresAt });
      }),
    end: (hash) =>
      this.#reach(() => {
        const row = this.rows.get(hash);
        this.rows.delete(hash);
        return row;
      }),
    endOf: () => this.#reach(() => undefined),
  };

  get deps(): SessionsDeps {
    const keyring = { holds: (_by: string, credential: string | null) => credential === this.credential };
    const { store, clock } = this;
    return { store, keyring, clock, scheduler: clock, ttlMs: () => 12 * HOUR_MS };
  }

  replica(): Sessions {
    return new Sessions(this.deps);
  }
}

async function signedIn() {
  const house = new House();
  const sessions = house.replica();
  const { token, session } = await sessions.open({ operator: ADMIN, credential: 'right' }, '192.0.2.1');
  return { house, sessions, token, session };
}

test('a session is found by its token alone, of which only a hash is kept', async () => {
  const { house, sessions, token } = await signedIn();
  assert.equal((await house.replica().find(token))?.name, 'admin key');
  assert.equal(await sessions.find(`${token.slice(0, -2)}AA`), undefined);
  assert.equal(await sessions.find(''), undefined);
  assert.ok(!JSON.stringify([...house.rows]).includes(token));
});

test('it slides with its use, ends when it is not used, and after 7 days in any case', async () => {
  const { house, sessions, token } = await signedIn();
  let days = 0;
  while (await sessions.find(token)) {
    house.clock.advance(DAY_MS / 4);
    days += 1 / 4;
    assert.ok(days <= 7);
  }
  assert.equal(days, 7);
  const again = await signedIn();
  again.house.clock.advance(12 * HOUR_MS);
  assert.equal(await again.sessions.find(again.token), undefined);
});

test('the database is asked once a minute, and its absence shuts nobody out who was in', async () => {
  const { house, sessions, token } = await signedIn();
  house.asked = 0;
  for (let at = 0; at < 10; at += 1) assert.ok(await sessions.find(token));
  assert.equal(house.asked, 0);
  house.isAway = true;
  house.clock.advance(2 * MINUTE_MS);
  assert.ok(await sessions.find(token));
  assert.equal(house.asked, 1);
  await assert.rejects(house.replica().find(token), { code: 'storage_unavailable' });
  house.clock.advance(12 * HOUR_MS);
  assert.equal(await sessions.find(token), undefined, 'nor does it make a session longer');
});

test('what was ended here ends at once, elsewhere within a minute; a key that is changed ends it everywhere', async () => {
  const { house, sessions, token, session } = await signedIn();
  const other = house.replica();
  assert.ok(await other.find(token));
  await sessions.end(session.tokenHash);
  assert.equal(await sessions.find(token), undefined);
  house.clock.advance(MINUTE_MS);
  assert.equal(await other.find(token), undefined);
  const again = await signedIn();
  again.house.credential = 'another';
  assert.equal(await again.sessions.find(again.token), undefined);
});

test('a session that was seen is no guess, however long ago; what is none is one again after a minute', async () => {
  const { house, sessions, token, session } = await signedIn();
  const guess = 'x'.repeat(43);
  assert.deepEqual([sessions.isUnseen(token), sessions.isUnseen(guess), sessions.isUnseen('x')], [false, true, false]);
  await sessions.find(guess);
  assert.equal(sessions.isUnseen(guess), false);
  house.clock.advance(MINUTE_MS);
  assert.deepEqual([sessions.isUnseen(token), sessions.isUnseen(guess)], [false, true]);
  await sessions.end(session.tokenHash);
  house.clock.advance(MINUTE_MS);
  assert.equal(sessions.isUnseen(token), true);
});

test('a database that is away or hangs is asked every few seconds, not by each request', async () => {
  const { house, sessions, token } = await signedIn();
  house.clock.advance(MINUTE_MS);
  house.isAway = true;
  house.asked = 0;
  for (let at = 0; at < 10; at += 1) assert.ok(await sessions.find(token));
  assert.equal(house.asked, 1);
  house.clock.advance(5000);
  house.isAway = false;
  house.isSlow = true;
  const both = [sessions.find(token), sessions.find(token)];
  await new Promise(setImmediate);
  house.clock.advance(2000);
  for (const found of await Promise.all(both)) assert.ok(found);
  assert.ok(await sessions.find(token));
  house.clock.advance(5000);
  assert.ok(await sessions.find(token), 'nobody waits twice for the same answer');
  assert.equal(house.asked, 2);
  house.isSlow = false;
  for (const answer of house.waiting) answer();
  await new Promise(setImmediate);
  house.clock.advance(30_000);
  assert.ok(await sessions.find(token));
  assert.deepEqual([house.asked, house.clock.waiting], [2, 0], 'a late answer is an answer');
});

test('a sign-out is not undone by a request that was under way', async () => {
  const { house, sessions, token, session } = await signedIn();
  house.clock.advance(MINUTE_MS);
  house.isSlow = true;
  const early = sessions.find(token);
  await new Promise(setImmediate);
  house.isSlow = false;
  await sessions.end(session.tokenHash);
  for (const answer of house.waiting) answer();
  assert.equal(await early, undefined);
  assert.equal(await sessions.find(token), undefined);
});

test('nor by one that waited in vain', async () => {
  const { house, sessions, token, session } = await signedIn();
  house.clock.advance(MINUTE_MS);
  house.isSlow = true;
  const early = sessions.find(token);
  await new Promise(setImmediate);
  house.isSlow = false;
  await sessions.end(session.tokenHash);
  house.clock.advance(2000);
  assert.equal(await early, undefined);
  assert.equal(await sessions.find(token), undefined);
});

test('looking whether it is open makes it last no longer, and its end is told', async () => {
  const { house, token } = await signedIn();
  let told = 0;
  const sessions = new Sessions({ ...house.deps, ended: () => (told += 1) });
  for (let hour = 0; hour < 12; hour += 1) {
    assert.equal(await sessions.holds(token), true);
    house.clock.advance(HOUR_MS);
  }
  assert.equal(await sessions.holds(token), false);
  const again = await sessions.open({ operator: ADMIN, credential: 'right' }, '192.0.2.1');
  assert.equal(await sessions.end('another'), undefined);
  assert.equal(told, 0);
  await sessions.end(again.session.tokenHash);
  assert.deepEqual([told, await sessions.holds(again.token), await sessions.holds('x')], [1, false, false]);
});
