import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { copyPreparedDatabase } from '../../../test/support/prepared-database.ts';
import { GatewayError } from '../../core/errors.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { migrate } from '../../storage/migrate.ts';
import { EventLog, type EventLogDeps } from './event-log.ts';
import { positionCursor } from '../listing/query.ts';
import { readEventListing } from './event-query.ts';
import { oldEvents } from './old-events.ts';
import { EventStore } from './event-store.ts';
import type { NewEvent } from './event.ts';

const quiet = { info() {}, warn() {}, error() {} };
const DAY_MS = 86_400_000;

/** An event log, with what it logs and counts. */
function logOn(store: EventLogDeps['store'], clock = new FakeClock()) {
  const lines: string[] = [];
  const counts: string[] = [];
  const write = (level: string) => (facts: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(facts)}`);
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  const counted = (kind: string): void => void counts.push(kind);
  const events = new EventLog({ store, clock, scheduler: clock, log, counted });
  return { clock, events, lines, counts };
}

function makeEvent(parts: Partial<NewEvent> = {}): NewEvent {
  return { kind: 'suspicious_use', severity: 'warning', subject: 'key:key_1', evidence: { count: 50 }, ...parts };
}

function nextTurn(): Promise<void> {
  return new Promise((next) => void setImmediate(next));
}

describe('events in the database', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-events-'));
  let database: Database;
  let store: EventStore;

  before(async () => {
    copyPreparedDatabase(dataDir);
    database = await openDatabase({ dataDir, url: undefined, log: quiet });
    await migrate(database);
    store = new EventStore(database);
  });
  beforeEach(() => database.pool.query('delete from events'));
  after(async () => {
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('are kept, logged at their level, and counted', async () => {
    const { events, lines, counts, clock } = logOn(store);
    events.raise(makeEvent());
    clock.advance(1);
    events.raise(makeEvent({ severity: 'critical', kind: 'counters_degraded', subject: 'redis' }));
    assert.equal(lines.length, 0, 'nothing happens on the path');
    await events.flush(10_000);
    assert.deepEqual(
      lines.map((line) => line.split(' ')[0]),
      ['warn', 'error'],
    );
    assert.deepEqual(counts, ['suspicious_use', 'counters_degraded']);
    const [, first] = await store.list({}, 10);
    assert.deepEqual([first?.kind, first?.severity, first?.subject], ['suspicious_use', 'warning', 'key:key_1']);
    assert.deepEqual([first?.at.getTime(), first?.evidence, first?.resolvedAt], [clock.now() - 1, { count: 50 }, null]);
    await events.close();
  });

  test('under one dedupe key are one, also of two replicas, until it is resolved', async () => {
    const [here, elsewhere] = [logOn(store), logOn(store)];
    const event = makeEvent({ dedupe: 'away' });
    for (const { events } of [here, here, elsewhere, here]) events.raise(event);
    await here.events.flush(10_000);
    await elsewhere.events.flush(10_000);
    assert.equal((await store.list({}, 10)).length, 1);
    assert.equal(here.lines.length + elsewhere.lines.length, 1);
    assert.equal(here.counts.length + elsewhere.counts.length, 1);

    here.clock.advance(5000);
    here.events.resolve('away');
    here.events.raise(event);
    await here.events.flush(10_000);
    const [second, first] = await store.list({}, 10);
    assert.equal(first?.resolvedAt?.getTime(), here.clock.now());
    assert.equal(second?.resolvedAt, null);
  });

  test('promise 12: show no secret, and take what clients name themselves', async () => {
    const { events, lines } = logOn(store);
    const secret = 'sk-0123456789abcdefghij';
    const evidence = { key: secret, user: 'a\0b\uD800', list: [secret], apiKey: 'hunter2' };
    events.raise(makeEvent({ subject: `user:${secret}`, dedupe: `x|${secret}`, evidence }));
    events.raise(makeEvent({ subject: 'x'.repeat(10_000), evidence: { text: 'x'.repeat(100_000) } }));
    await events.flush(10_000);
    const { rows } = await database.pool.query('select * from events');
    assert.equal(rows.length, 2);
    for (const text of [JSON.stringify(rows), lines.join('')]) {
      assert.ok(!text.includes(secret) && !text.includes('hunter2') && text.length < 10_000, text);
    }
  });

  test('are listed newest first, by pages, and by what is asked for', async () => {
    const { events, clock } = logOn(store);
    for (let each = 0; each < 5; each += 1) {
      events.raise(makeEvent({ subject: `key:${each}`, severity: each === 2 ? 'info' : 'warning' }));
      if (each !== 3) clock.advance(1000);
    }
    await events.flush(10_000);
    const first = await store.list({}, 3);
    const rest = await store.list({}, 3, first.at(-1));
    const subjects = [...first, ...rest].map(({ subject }) => subject);
    assert.deepEqual(new Set(subjects.slice(0, 2)), new Set(['key:4', 'key:3']));
    assert.deepEqual(subjects.slice(2), ['key:2', 'key:1', 'key:0']);
    assert.equal((await store.list({ severity: 'info' }, 9)).length, 1);
    assert.equal((await store.list({ subject: 'key:4', kind: 'suspicious_use' }, 9)).length, 1);
    assert.equal((await store.list({ since: new Date(clock.now() - 2500) }, 9)).length, 3);
  });

  test('are deleted when they are old, those of which there may be many sooner', async () => {
    const { events, clock } = logOn(store);
    events.raise(makeEvent());
    events.raise(makeEvent({ subject: 'key:key_2' }));
    clock.advance(1);
    events.raise(makeEvent({ kind: 'counters_degraded' }));
    clock.advance(1);
    events.raise(makeEvent({ kind: 'budget_threshold' }));
    await events.flush(10_000);
    const listedAfter = async (days: number): Promise<string[]> => {
      clock.advance(days * DAY_MS);
      while ((await oldEvents(store, clock).delete(1)) > 0);
      return (await store.list({}, 9)).map(({ kind }) => kind);
    };
    assert.deepEqual(await listedAfter(91), ['budget_threshold', 'counters_degraded']);
    assert.deepEqual(await listedAfter(310), []);
  });
});

function away() {
  const state = { isAway: true, stored: [] as string[] };
  const refuse = (): void => {
    if (state.isAway) throw new GatewayError('storage_unavailable');
  };
  const store: EventLogDeps['store'] = {
    async add({ subject }) {
      refuse();
      if (subject === 'bad') throw new Error('no such column');
      state.stored.push(subject);
      return true;
    },
    async resolve(dedupe) {
      refuse();
      state.stored.push(`resolved ${dedupe}`);
      return true;
    },
  };
  return { state, ...logOn(store) };
}

describe('while the database is away', () => {
  test('events are logged, wait in their order, and are stored and logged no second time', async () => {
    const { state, events, lines, counts, clock } = away();
    events.raise(makeEvent({ subject: 'first', dedupe: 'a' }));
    events.resolve('a');
    events.raise(makeEvent({ subject: 'bad' }));
    events.raise(makeEvent({ subject: 'last' }));
    while (clock.waiting === 0) await nextTurn();
    assert.deepEqual([state.stored, lines.length, counts.length], [[], 4, 3]);
    state.isAway = false;
    clock.advance(1000);
    await events.flush(10_000);
    assert.deepEqual(state.stored, ['first', 'resolved a', 'last']);
    assert.equal(counts.length, 3);
    assert.equal(lines.filter((line) => line.startsWith('warn')).length, 3);
    assert.equal(lines.filter((line) => line.includes('could not be stored')).length, 1);
  });

  test('promise 11: no more wait than may; the others are only logged', async () => {
    const { events, counts, state, clock } = away();
    for (let each = 0; each < 1500; each += 1) events.raise(makeEvent({ subject: String(each) }));
    assert.equal(counts.length, 500);
    while (clock.waiting === 0) await nextTurn();
    assert.equal(counts.length, 1500);
    state.isAway = false;
    clock.advance(1000);
    await events.flush(10_000);
    assert.equal(state.stored.length, 1000);
  });

  test('one that is raised again and again waits once', async () => {
    const { events, state, clock } = away();
    for (let each = 0; each < 5000; each += 1) events.raise(makeEvent({ dedupe: 'same' }));
    while (clock.waiting === 0) await nextTurn();
    state.isAway = false;
    clock.advance(1000);
    await events.flush(10_000);
    assert.equal(state.stored.length, 1);
  });

  test('an end waits for them only so long', async () => {
    const { events, clock } = away();
    events.raise(makeEvent());
    const closing = events.close();
    while (clock.waiting < 2) await nextTurn();
    clock.advance(2000);
    await closing;
  });
});

describe('what is asked of the list', () => {
  test('is refused with the parameter at fault', () => {
    for (const [param, value] of [
      ['kind', 'outage'],
      ['severity', 'bad'],
      ['since', 'yesterday'],
      ['limit', '0'],
      ['cursor', 'x'],
      ['until', 'tomorrow'],
      ['subject', ['a', 'b']],
    ] as const) {
      assert.throws(() => readEventListing({ [param]: value }), { code: 'request_invalid', param });
    }
  });

  test('a cursor leads to where the page ended', () => {
    const position = { at: new Date(1_700_000_000_123), id: 'event_0123456789abcdef' };
    assert.deepEqual(readEventListing({ cursor: positionCursor(position) }).after, position);
  });
});
