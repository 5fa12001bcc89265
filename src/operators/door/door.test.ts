import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import type { Visitor } from '../../core/admin-request.ts';
import { ADMIN } from '../identity/keyring.ts';
import type { Session } from '../sessions/session-store.ts';
import { Sessions } from '../sessions/sessions.ts';
import { Attempts, REQUEST_BOUNDS } from '../sign-in/attempts.ts';
import { Door } from './door.ts';

const KEY = 'the-admin-key';
const CLIENT_KEY = 'a-key-of-a-client';
const MINUTE_MS = 60_000;

/** As the code of the refusal, or who it is. */
const outcome = (asked: Promise<unknown>) =>
  asked.then(
    (found) => (found === undefined ? 'a client' : 'let in'),
    (error: { code: string }) => error.code,
  );

function house() {
  const clock = new FakeClock();
  const rows = new Map<string, Session>();
  const sessions = new Sessions({
    store: {
      add: async (session) => void rows.set(session.tokenHash, session),
      find: async (hash) => rows.get(hash),
      extend: async () => undefined,
      end: async (hash) => rows.get(hash),
      endOf: async () => undefined,
    },
    keyring: { holds: () => true },
    clock,
    ttlMs: () => 12 * 60 * MINUTE_MS,
  });
  const state = { key: KEY };
  const door = new Door({
    keyring: { find: (key) => (key === state.key ? { operator: ADMIN, credential: 'c' } : undefined) },
    sessions,
    attempts: new Attempts({ clock, bounds: REQUEST_BOUNDS, told: () => undefined }),
    audit: { note: async () => undefined },
    isClientKey: (text) => text === CLIENT_KEY,
  });
  return {
    clock,
    state,
    door,
    identify: (headers: Visitor['headers'], address?: string) => outcome(door.identify(from(headers, address))),
    find: (headers: Visitor['headers']) => outcome(door.find(from(headers))),
    session: async () => {
      const { token } = await sessions.open({ operator: ADMIN, credential: 'c' }, '192.0.2.1');
      return { cookie: `causeway_session=${token}` };
    },
  };
}

const from = (headers: Visitor['headers'], address = '192.0.2.1'): Visitor => ({
  method: 'GET',
  headers,
  address,
  isHttps: false,
});
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

async function outcomes(times: number, ask: (at: number) => Promise<string>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let at = 0; at < times; at += 1) {
    const one = await ask(at);
    counts[one] = (counts[one] ?? 0) + 1;
  }
  return counts;
}

test('guesses are held up where clients ask too, and a right one is not told apart then', async () => {
  const { clock, find, identify } = house();
  assert.deepEqual(await outcomes(100, (at) => find(bearer(`guess-${at}`))), { 'a client': 60, limit_requests: 40 });
  assert.equal(await find(bearer(KEY)), 'limit_requests');
  assert.equal(await identify(bearer(KEY)), 'limit_requests');
  clock.advance(MINUTE_MS);
  assert.equal(await find(bearer(KEY)), 'let in');
  await outcomes(100, (at) => identify(bearer(`guess-${at}`)));
  assert.equal(await find(bearer(KEY)), 'let in', 'who was let in before goes on');
  await outcomes(60, (at) => identify(bearer(`guess-${at}`), '198.51.100.1'));
  assert.equal(await identify(bearer(KEY), '198.51.100.1'), 'limit_requests', 'and nobody else with the same key');
});

test('keys of clients are no guesses, nor is what goes to a provider', async () => {
  const { find } = house();
  assert.deepEqual(await outcomes(100, () => find(bearer(CLIENT_KEY))), { 'a client': 100 });
  const beside = { 'x-causeway-api-key': CLIENT_KEY };
  assert.deepEqual(await outcomes(100, (at) => find({ ...bearer(`sk-${at}`), ...beside })), { 'a client': 100 });
  assert.equal(await find({ ...bearer(KEY), ...beside }), 'a client');
  assert.equal(await find(bearer(KEY)), 'let in');
});

test('who is signed in goes on while somebody at the same address guesses, for as long as it takes', async () => {
  const { clock, identify, session } = house();
  const cookie = await session();
  for (let minute = 0; minute < 10; minute += 1) {
    const guessed = await outcomes(61, (at) => identify(bearer(`guess-${at}`)));
    assert.deepEqual(guessed, { auth_invalid_key: 60, limit_requests: 1 });
    assert.equal(await identify(cookie), 'let in', `minute ${minute}`);
    clock.advance(MINUTE_MS);
  }
});

test('guessed cookies are held up, and drive out nobody who is signed in', async () => {
  const { clock, identify, session } = house();
  const cookie = await session();
  const guess = (text: string) => identify({ cookie: `causeway_session=${text.padEnd(43, 'x')}` });
  for (let minute = 0; minute < 50; minute += 1) {
    assert.deepEqual(await outcomes(61, (at) => guess(`${minute}-${at}`)), { auth_invalid_key: 60, limit_requests: 1 });
    clock.advance(MINUTE_MS);
  }
  await outcomes(60, (at) => guess(`last-${at}`));
  assert.equal(await identify(cookie), 'let in');
});

test('a cookie that is over counts once a minute, however often it is sent', async () => {
  const { identify } = house();
  const over = { cookie: `causeway_session=${'x'.repeat(43)}` };
  assert.deepEqual(await outcomes(100, () => identify(over)), { auth_invalid_key: 100 });
});

test('what somebody was let in with is looked at again, by what they came with', async () => {
  const { door, state, session } = house();
  const cookie = await session();
  assert.deepEqual([await door.holds(from(bearer(KEY))), await door.holds(from(cookie))], [true, true]);
  state.key = 'another';
  assert.deepEqual(
    [await door.holds(from(bearer(KEY))), await door.holds(from({})), await door.holds(from(cookie))],
    [false, false, true],
  );
});
