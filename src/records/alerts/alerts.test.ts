import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';

import { type Alerting, alertsOf, openAlerting, settle } from '../../../test/support/alerting.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { makeRecord } from '../../../test/support/make-record.ts';
import { copyPreparedDatabase } from '../../../test/support/prepared-database.ts';
import { Receiver } from '../../../test/support/receiver.ts';
import { GatewayError } from '../../core/errors.ts';
import { DAY_MS } from '../../core/units.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { migrate } from '../../storage/migrate.ts';
import { oldDeliveries } from './delivery/old-deliveries.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const quiet = { info() {}, warn() {}, error() {} };
const dataDir = mkdtempSync(join(tmpdir(), 'causeway-alerts-'));
const receiver = new Receiver();
let database: Database;
const houses: Alerting[] = [];

before(async () => {
  copyPreparedDatabase(dataDir);
  database = await openDatabase({ dataDir, url: undefined, log: quiet });
  await migrate(database);
  await receiver.listen();
});
beforeEach(async () => {
  for (const house of houses.splice(0)) await house.close();
  receiver.clear();
  await database.pool.query('delete from events');
  await database.pool.query('delete from alert_deliveries');
});
after(async () => {
  for (const house of houses) await house.close();
  receiver.close();
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** One channel, a webhook, and rules as a file writes them. */
function settingsOf(rules: string, path = '/hook') {
  const channel = `{ type: webhook, url: "${receiver.url(path)}", secret: "${SECRET}", allowPrivate: true }`;
  return alertsOf(`channels: { ops: ${channel} }\nrules: [${rules}]`);
}

function open(rules: string, clock = new FakeClock(), odds = {}): Alerting {
  const house = openAlerting(database, settingsOf(rules), clock, odds);
  houses.push(house);
  return house;
}

interface Body {
  type: string;
  data: { alert: string; subject: string; state: string; severity: string; evidence: Record<string, unknown> };
}

const sent = (): Body[] => receiver.bodies as Body[];
const told = (): string[] => sent().map(({ data }) => `${data.state} ${data.alert} ${data.subject}`);

const QUEUE = '{ name: waiting, type: queue, above: 100, for: 1m, cooldown: 10m }';
const long = [
  { target: 'openai/x', waiting: 60 },
  { target: 'openai/x', waiting: 41 },
];

/** Whichever of them sent it. */
async function allDelivered(...replicas: Alerting[]): Promise<void> {
  while (replicas.some(({ alerts }) => alerts.outbox.waiting > 0)) await new Promise((next) => void setImmediate(next));
  for (const replica of replicas) await settle(replica);
}

describe('a rule', () => {
  test('that comes true is told after its time, and so is its end', async () => {
    const house = open(QUEUE);
    house.world.waiting = long;
    await house.pass(60);
    assert.deepEqual(told(), []);
    await house.pass(10);
    await receiver.count(1);
    const [{ data } = assert.fail()] = sent();
    assert.deepEqual([data.alert, data.severity, data.subject], ['waiting', 'warning', 'target:openai/x']);
    assert.deepEqual([data.evidence['value'], data.evidence['above']], [101, 100]);
    house.world.waiting = [{ target: 'openai/x', waiting: 3 }];
    await house.pass(70);
    await house.delivered(2);
    assert.deepEqual(told(), ['firing waiting target:openai/x', 'resolved waiting target:openai/x']);
    assert.equal(sent()[1]?.data.evidence['value'], 3);
    const rows = await house.store.list({}, 10);
    assert.deepEqual(
      rows.map(({ channel, state, outcome, attempts, error }) => [channel, state, outcome, attempts, error]),
      [
        ['ops', 'resolved', 'sent', 1, null],
        ['ops', 'firing', 'sent', 1, null],
      ],
    );
    assert.equal((await house.store.list({ outcome: 'sent' }, 10)).length, 2);
    assert.deepEqual(await house.store.list({ outcome: 'failed' }, 10), []);
    const later = new FakeClock();
    const old = oldDeliveries(house.store, later);
    assert.equal(await old.delete(1), 0);
    later.advance(91 * DAY_MS);
    assert.deepEqual([await old.delete(1), await old.delete(9), await old.delete(9)], [1, 1, 0]);
  });

  test('that comes and goes is told once in its cool-down', async () => {
    const house = open(QUEUE);
    for (let each = 0; each < 3; each += 1) {
      house.world.waiting = long;
      await house.pass(80);
      house.world.waiting = [];
      await house.pass(80);
    }
    await receiver.count(2);
    assert.deepEqual(told(), ['firing waiting target:openai/x', 'resolved waiting target:openai/x']);
  });

  test('about errors wants enough requests, and none that a client spoiled', async () => {
    const house = open('{ name: errors, type: error-rate, above: 0.2, minimumRequests: 10, for: 0s, window: 5m }');
    const error = { code: 'provider_error', message: 'sk-0123456789abcdefghij', origin: 'provider' } as const;
    const bad = { ...error, code: 'request_invalid', origin: 'client' } as const;
    for (let each = 0; each < 9; each += 1) house.alerts.observe(makeRecord({ status: 'failed', error }));
    for (let each = 0; each < 90; each += 1) house.alerts.observe(makeRecord({ status: 'failed', error: bad }));
    await house.pass(20);
    assert.equal(house.alerts.outbox.waiting + receiver.received.length, 0);
    house.alerts.observe(makeRecord());
    await house.pass(10);
    await receiver.count(1);
    const [{ data } = assert.fail()] = sent();
    assert.deepEqual([data.subject, data.evidence['value'], data.evidence['requests']], ['model:chat', 0.9, 10]);
    assert.ok(!receiver.received[0]?.body.includes('sk-'));
    await house.pass(400);
    await receiver.count(2);
    assert.deepEqual(told(), ['firing errors model:chat', 'resolved errors model:chat']);
  });

  test('about times, breakers, keys and costs', async () => {
    const house = open(`{ name: slow, type: latency, above: 10s, for: 0s, minimumRequests: 1 },
      { name: late, type: ttft, above: 1s, for: 0s, minimumRequests: 1 }, { name: away, type: breaker, for: 0s },
      { name: keys, type: provider-keys }, { name: dear, type: cost, above: 100 }`);
    house.alerts.observe(makeRecord({ latencyMs: 30_000, ttftMs: 2000 }));
    Object.assign(house.world, {
      breakers: [
        { target: 'a/b', state: 'open' },
        { target: 'c/d', state: 'closed' },
      ],
      refused: [{ provider: 'openai', refused: 2 }],
      cost: 140.5,
    });
    await house.pass(20);
    await receiver.count(5);
    assert.deepEqual(told().toSorted(), [
      'firing away target:a/b',
      'firing dear all',
      'firing keys provider:openai',
      'firing late model:chat',
      'firing slow model:chat',
    ]);
    house.world.cost = new GatewayError('storage_unavailable');
    await house.pass(120);
    assert.ok(!told().includes('resolved dear all'), 'what is not known changes nothing');
    house.world.cost = 3;
    await house.pass(70);
    await receiver.count(6);
    assert.ok(told().includes('resolved dear all'));
  });

  test('that is no longer there is over, and nobody is told', async () => {
    const house = open(QUEUE);
    house.world.waiting = long;
    await house.pass(80);
    await receiver.count(1);
    house.settings = settingsOf('{ name: other, type: queue }');
    await house.pass(20);
    const { rows } = await database.pool.query('select resolved_at from events');
    assert.ok(rows.length === 1 && rows[0].resolved_at !== null);
    assert.equal(receiver.received.length, 1);
  });

  test('without channels and rules does not exist; with channels the usual ones do', () => {
    const none = openAlerting(database, alertsOf('source: x'));
    const some = openAlerting(database, alertsOf('channels: { ops: { type: slack, url: "https://x.example/" } }'));
    houses.push(none, some);
    assert.equal(none.alerts.rules().all.length, 0);
    assert.equal(some.alerts.rules().all.length, 10);
  });
});

describe('an event', () => {
  const RULES = `{ name: money, type: budget }, { name: odd, type: suspicious-use, cooldown: 1h },
    { name: rest, type: event, kinds: [counters_degraded, suspicious_use], atLeast: critical }`;
  const evidence = { threshold: 0.8, budget: 'b1' };

  test('is sent by the rules that are about it, once to each channel, and so is its end', async () => {
    const house = open(RULES);
    house.events.raise({ kind: 'budget_threshold', severity: 'info', subject: 'project:a', evidence });
    house.events.raise({ kind: 'budget_threshold', severity: 'warning', subject: 'project:b', evidence });
    house.events.raise({ kind: 'suspicious_use', severity: 'critical', subject: 'key:1', evidence });
    house.events.raise({ kind: 'suspicious_use', severity: 'warning', subject: 'key:1', evidence });
    house.events.raise({ kind: 'counters_degraded', severity: 'critical', subject: 'redis', dedupe: 'away', evidence });
    await house.pass(10);
    house.events.resolve('away');
    await house.pass(10);
    await receiver.count(4);
    assert.deepEqual(told(), [
      'firing money project:b',
      'firing odd key:1',
      'firing rest redis',
      'resolved rest redis',
    ]);
  });

  test('promise 11: of which there are too many is told of, not sent each', async () => {
    const house = open(RULES);
    for (let each = 0; each < 100; each += 1) {
      house.events.raise({ kind: 'suspicious_use', severity: 'warning', subject: `key:${each}`, evidence });
    }
    await house.pass(10);
    await receiver.count(20);
    await house.pass(10);
    assert.equal(sent().length, 20);
    assert.equal(sent().at(-1)?.data.evidence['more'], 'GET /admin/v1/events');
  });

  test('promise 12: is sent without secrets', async () => {
    const house = open(RULES);
    const secret = 'sk-0123456789abcdefghij';
    const facts = { user: secret, nested: { apiKey: 'hunter2' }, text: 'x'.repeat(100_000) };
    house.events.raise({
      kind: 'suspicious_use',
      severity: 'warning',
      subject: `user:${secret}`,
      evidence: { user: secret },
    });
    house.events.raise({ kind: 'budget_threshold', severity: 'warning', subject: 'b', evidence: facts });
    await house.pass(10);
    await house.delivered(2);
    const { rows } = await database.pool.query('select * from alert_deliveries');
    assert.equal(rows.length, 2);
    const all = JSON.stringify([receiver.received, rows, house.lines]);
    for (const planted of [secret, 'hunter2', SECRET]) assert.ok(!all.includes(planted), planted);
    assert.ok(all.length < 20_000);
  });
});

const away = (): Promise<never> => Promise.reject(new GatewayError('storage_unavailable'));

describe('replicas', () => {
  test('that see the same tell it once, and once that it is over', async () => {
    const clock = new FakeClock();
    const [here, there] = [open(QUEUE, clock), open(QUEUE, clock)];
    for (const { world } of [here, there]) world.waiting = long;
    for (let each = 0; each < 8; each += 1) {
      await here.pass(10);
      await there.pass(0);
    }
    await receiver.count(1);
    for (const { world } of [here, there]) world.waiting = [];
    await here.pass(80);
    await there.pass(10);
    await receiver.count(2);
    assert.deepEqual(told(), ['firing waiting target:openai/x', 'resolved waiting target:openai/x']);
    await allDelivered(here, there);
    assert.equal((await here.store.list({}, 10)).length, 2);
  });

  test('of which one still sees it say so again, where another has said that it is over', async () => {
    const clock = new FakeClock();
    const [here, there] = [open(QUEUE, clock), open(QUEUE, clock)];
    for (const { world } of [here, there]) world.waiting = long;
    await here.pass(80);
    await there.pass(10);
    here.world.waiting = [];
    await here.pass(80);
    for (let each = 0; each < 8; each += 1) {
      await here.pass(10);
      await there.pass(0);
    }
    await receiver.count(3);
    assert.deepEqual(
      told().map((one) => one.split(' ')[0]),
      ['firing', 'resolved', 'firing'],
    );
  });

  test('that start anew go on from what was told, and say that it is over', async () => {
    const first = open(QUEUE);
    first.world.waiting = long;
    await first.pass(80);
    await receiver.count(1);
    await first.close();
    const second = open(QUEUE);
    await second.pass(0);
    second.world.waiting = long;
    await second.pass(120);
    assert.equal(receiver.received.length, 1, 'it was told');
    second.world.waiting = [];
    await second.pass(80);
    await receiver.count(2);
    assert.deepEqual(told(), ['firing waiting target:openai/x', 'resolved waiting target:openai/x']);
  });

  test('promise 7: tell it while the database is away, and once', async () => {
    const eventStore = { add: away, resolve: away, open: away };
    const house = open(QUEUE, new FakeClock(), { eventStore, store: { add: away } });
    house.world.waiting = long;
    for (let each = 0; each < 30; each += 1) {
      house.clock.advance(10_000);
      await new Promise((next) => void setImmediate(next));
    }
    await receiver.count(1);
    house.world.waiting = [];
    for (let each = 0; each < 10; each += 1) {
      house.clock.advance(10_000);
      await new Promise((next) => void setImmediate(next));
    }
    await receiver.count(2);
    assert.deepEqual(told(), ['firing waiting target:openai/x', 'resolved waiting target:openai/x']);
  });
});
