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
  asked = 0;
  credential = 'right';

  #reach<Value>(value: () => Value): Promise<Value> {
    this.asked += 1;
    return this.isAway ? Promise.reject(new GatewayError('storage_unavailable')) : Promise.resolve(value());
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

  replica(): Sessions {
    const keyring = { holds: (_by: string, credential: string | null) => credential === this.credential };
    return new Sessions({ store: this.store, keyring, clock: this.clock, ttlMs: () => 12 * HOUR_MS });
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
