import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import {
  PLAIN,
  type Replica,
  RolloutHouse,
  callOf,
  canaryOf,
  userAt,
  whileAway,
} from '../../../test/support/rollout-house.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import type { Json } from '../../core/json.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import { PostgresRolloutStore } from './rollout-store.ts';
import type { CanaryRecord } from './run.ts';

const CANARY = { model: 'chat', set: { target: 'sim/small' }, steps: [50], each: { requests: 200, time: '1m' } };
const FAILED: Partial<CallRecord> = {
  status: 'failed',
  error: { code: 'provider_overloaded', message: '', origin: 'provider' },
};

const HISTORY = [
  ['step', 50, 'person'],
  ['restarted', 25, 'person'],
];

/** What the candidate's users get. */
function given({ rollouts }: Replica): unknown[] {
  const models = Array.from({ length: 50 }, (_, at) => rollouts.assign(callOf(userAt(at)), PLAIN).targets[0]?.model);
  return [...new Set(models)].filter((model) => model === 'small' || model === 'large');
}

let opened: TracesDatabase;
let house: RolloutHouse;
before(async () => (opened = await openTracesDatabase('embedded')));
after(() => opened.close());
beforeEach(async () => {
  await opened.database.pool.query('truncate rollouts, rollout_tallies');
  house = new RolloutHouse(opened.database.orm);
});

describe('definitions', () => {
  test('made on one replica are in force on the other, changed and deleted likewise', async () => {
    const [one, other] = [await house.open(), await house.open()];
    await one.desk.put('flag', 'beta', { model: 'chat', users: ['ada'], set: { target: 'sim/small' } });
    await house.refresh();
    const assigned = other.rollouts.assign(callOf('ada'), PLAIN);
    assert.deepEqual([assigned.targets[0]?.model, assigned.rollouts?.[0]?.id], ['small', 'beta']);
    assert.equal(other.rollouts.assign(callOf('bob'), PLAIN), PLAIN);
    await other.desk.put('flag', 'beta', { model: 'chat', enabled: false, set: { target: 'sim/small' } });
    await house.refresh();
    assert.equal(one.rollouts.assign(callOf('ada'), PLAIN), PLAIN);
    await one.desk.remove('flag', 'beta');
    await house.refresh();
    assert.equal(other.directory.find('flag', 'beta'), undefined);
    await assert.rejects(other.desk.remove('flag', 'beta'), { code: 'resource_not_found' });
  });

  test('are refused with everything that is wrong, where they stand in the file, and a second one on a model', async () => {
    const text = 'flags: { fixed: { model: chat, set: { target: sim/small } } }\n';
    const one = await house.open(text);
    const wrong = { model: 'nowhere', by: 'nobody', set: {} };
    await assert.rejects(one.desk.put('canary', 'new', wrong), (error: Error) => {
      assert.match(error.message, /model.*nowhere/);
      assert.match(error.message, /by.*user, conversation/s);
      return true;
    });
    await assert.rejects(one.desk.put('canary', 'new', 'text'), { code: 'request_invalid' });
    for (const done of [one.desk.put('flag', 'fixed', CANARY), one.desk.remove('flag', 'fixed')]) {
      await assert.rejects(done, /stands in the configuration file/);
    }
    await assert.rejects(one.desk.put('canary', 'new', { ...CANARY, steps: [100] }), /nobody to compare with/);
    await one.desk.put('canary', 'new', CANARY);
    const arms = { a: {}, b: { set: { target: 'sim/small' } } };
    await assert.rejects(one.desk.put('experiment', 'e', { model: 'chat', arms }), /canary "new" tries something/);
    await one.desk.put('experiment', 'e', { model: 'other', arms });
    await one.steering.canary('new', 'rollback');
    await one.desk.put('experiment', 'f', { model: 'chat', arms });
    await assert.rejects(one.steering.canary('new', 'restart'), /experiment "f" tries something .* Remove it first/);
    assert.equal(one.directory.find('experiment', 'f')?.problem, undefined);
    await one.desk.remove('experiment', 'f');
    await one.steering.canary('new', 'restart');
    assert.equal(canaryOf(one).status, 'running');
  });

  test('that cannot be read any more are not in force, say so, and break nothing', async () => {
    const one = await house.open();
    const store = new PostgresRolloutStore(opened.database.orm, house.clock);
    await store.put('flag', 'old', { model: 'gone', set: { target: 'sim/small' } });
    await store.put('canary', 'a', CANARY);
    await store.put('canary', 'b', CANARY);
    await house.refresh();
    assert.match(
      one.directory.find('flag', 'old')?.problem ?? '',
      /cannot be read any more: .*no virtual model "gone"/,
    );
    assert.equal(one.directory.find('canary', 'a')?.problem, undefined);
    assert.match(
      one.directory.find('canary', 'b')?.problem ?? '',
      /canary "a" tries something on the model "chat" already/,
    );
    assert.equal([...one.rollouts.trials].length, 1);
  });

  test('promise 7: are in force in a process that starts without the database', async () => {
    const one = await house.open();
    await one.desk.put('flag', 'beta', { model: 'chat', set: { target: 'sim/small' } });
    const kept = JSON.parse(JSON.stringify(one.directory.state.kept?.save())) as Json;
    const later = await house.open();
    await opened.database.pool.query('truncate rollouts');
    await house.refresh();
    assert.equal(later.rollouts.assign(callOf('ada'), PLAIN), PLAIN);
    later.directory.state.kept?.load(kept);
    assert.equal(later.rollouts.assign(callOf('ada'), PLAIN).targets[0]?.model, 'small');
  });
});

describe('a canary', () => {
  test('that fails is taken back once, whoever looks, with one event, on all replicas', async () => {
    const first = await house.open();
    await house.open();
    await house.open();
    const all = house.replicas;
    await first.desk.put('canary', 'new', CANARY);
    await house.refresh();
    await house.look();
    house.traffic(600, FAILED);
    await Promise.all(all.map((replica) => replica.look()));
    await house.look();
    const told = all.flatMap((replica) => replica.told);
    assert.deepEqual(
      told.map(({ kind, severity, subject }) => [kind, severity, subject]),
      [['canary_rolled_back', 'critical', 'canary:new']],
    );
    assert.match(JSON.stringify(told[0]?.evidence['reason']), /taken back at 50 %: the rate of errors/);
    for (const replica of all) {
      assert.deepEqual([canaryOf(replica).status, canaryOf(replica).history.length], ['rolled_back', 1]);
      for (let at = 0; at < 50; at += 1) assert.equal(replica.rollouts.assign(callOf(userAt(at)), PLAIN), PLAIN);
    }
    await first.desk.put('canary', 'new', { ...CANARY, set: { target: 'sim/large' } });
    await house.refresh();
    await house.look();
    assert.deepEqual([canaryOf(first).status, canaryOf(first).history.length], ['running', 1], 'another is begun anew');
  });

  test('that does no harm goes up, and is promoted', async () => {
    const one = await house.open();
    await one.desk.put('canary', 'new', { ...CANARY, guards: [{ metric: 'errors', tolerance: 0.05 }] });
    await house.look();
    house.traffic(2000);
    await house.look();
    assert.equal(canaryOf(one).status, 'running', 'a step has a least time');
    house.clock.advance(60_000);
    await house.look();
    assert.equal(canaryOf(one).status, 'promoted');
    assert.deepEqual(
      one.told.map(({ kind }) => kind),
      ['canary_promoted'],
    );
    assert.ok(
      Array.from({ length: 50 }, (_, at) => one.end(userAt(at))).every((arm) => arm === 'canary:new/candidate'),
    );
  });

  test('is promoted by the usual guards where nobody streams and nobody says anything of answers', async () => {
    const one = await house.open();
    await one.desk.put('canary', 'new', CANARY);
    await house.look();
    for (let at = 0; at < 2500; at += 1) one.end(userAt(at), { ttftMs: undefined });
    house.clock.advance(60_000);
    await house.look();
    assert.equal(canaryOf(one).status, 'promoted');
    assert.match(canaryOf(one).history.at(-1)?.reason ?? '', /left out.*first token, feedback$/);
  });

  test('of the file has its state in the database, and another process goes on with it', async () => {
    const text = 'canaries: { new: { model: chat, set: { target: sim/small }, steps: [25, 50] } }\n';
    const one = await house.open(text);
    await house.look();
    await one.steering.canary('new', 'advance');
    const later = await house.open(text);
    assert.deepEqual([canaryOf(later).step, canaryOf(later).history.length], [1, 1]);
    await later.steering.canary('new', 'restart');
    await house.refresh();
    const { step, history } = canaryOf(one);
    assert.deepEqual([step, history.map(({ kind, share, by }) => [kind, share, by])], [0, HISTORY]);
    await assert.rejects(one.steering.canary('new', 'resume'), /is running; "resume" makes no sense/);
    await assert.rejects(one.steering.canary('none', 'pause'), { code: 'resource_not_found' });
  });

  test('promise 7: is taken back here at once while the database is away, and everywhere when it is back', async () => {
    const [one, other] = [await house.open(), await house.open()];
    await one.desk.put('canary', 'new', CANARY);
    await house.refresh();
    await house.look();
    const candidate = Array.from({ length: 50 }, (_, at) => userAt(at)).find((name) =>
      one.end(name)?.endsWith('candidate'),
    );
    assert.ok(candidate);
    await whileAway(opened.database, async () => {
      await assert.rejects(one.steering.canary('new', 'rollback'), { code: 'storage_unavailable' });
      await assert.rejects(one.steering.canary('new', 'pause'), { code: 'request_invalid' });
      assert.equal(one.rollouts.assign(callOf(candidate), PLAIN), PLAIN);
      await one.look();
    });
    await house.refresh();
    assert.equal(canaryOf(other).status, 'running');
    assert.equal(canaryOf(one).status, 'rolled_back');
    await house.look();
    assert.deepEqual([canaryOf(one).status, canaryOf(other).status], ['rolled_back', 'rolled_back']);
    await one.steering.canary('new', 'rollback');
    assert.equal(canaryOf(one).history.length, 1);
  });

  test('promise 7: that fails while the database is away is taken back by what this replica sees', async () => {
    const one = await house.open();
    await one.desk.put('canary', 'new', CANARY);
    await house.look();
    await whileAway(opened.database, async () => {
      house.traffic(600, FAILED);
      await one.look();
      await one.look();
      assert.equal(canaryOf(one).status, 'rolled_back');
      assert.deepEqual(
        one.told.map(({ kind }) => kind),
        ['canary_rolled_back'],
      );
    });
    await house.look();
    const { state } = one.directory.find('canary', 'new') ?? {};
    assert.equal((state as unknown as CanaryRecord).canary.status, 'rolled_back');
    assert.equal(one.told.length, 1, 'nobody is told twice');
  });

  test('promise 7: that one replica has taken back alone stays so for all, whatever the others saw meanwhile', async () => {
    const [one, other] = [await house.open(), await house.open()];
    const guards = [{ metric: 'errors', tolerance: 0.05 }];
    await one.desk.put('canary', 'new', { ...CANARY, guards, each: { requests: 10_000, time: '1h' } });
    await house.refresh();
    await house.look();
    const users = Array.from({ length: 3000 }, (_, at) => userAt(at));
    const isCandidate = (user: string) => one.rollouts.assign(callOf(user), PLAIN).arm?.endsWith('/candidate');
    const candidates = users.filter(isCandidate);
    await whileAway(opened.database, async () => {
      for (const [at, user] of candidates.slice(0, 60).entries()) one.end(user, at < 30 ? FAILED : {});
      for (const user of users.filter((name) => !isCandidate(name)).slice(0, 60)) one.end(user);
      for (const user of users.slice(0, 2000)) other.end(user);
      for (const replica of house.replicas) await replica.look();
      await assert.rejects(one.steering.canary('new', 'restart'), { code: 'storage_unavailable' });
      assert.deepEqual([canaryOf(one).status, canaryOf(other).status], ['rolled_back', 'running']);
    });
    await other.look();
    assert.deepEqual([canaryOf(one).status, canaryOf(other).status], ['rolled_back', 'running']);
    await house.look();
    assert.deepEqual([canaryOf(one).status, canaryOf(other).status], ['rolled_back', 'rolled_back']);
    assert.match(canaryOf(other).history.at(-1)?.reason ?? '', /the rate of errors/);
    assert.deepEqual(house.kindsTold(), ['canary_rolled_back']);
  });

  test('of a file that is being changed on one replica after the other brings nothing back that was taken back', async () => {
    const text = `canaries: { new: ${JSON.stringify(CANARY)} }\n`;
    const old = await house.open(text);
    await house.look();
    house.traffic(600, FAILED);
    await house.look();
    assert.equal(canaryOf(old).status, 'rolled_back');
    const later = await house.open(text.replace('sim/small', 'sim/large'));
    for (let round = 0; round < 3; round += 1) {
      for (const replica of [later, old]) {
        await replica.look();
        await house.refresh();
        assert.deepEqual([given(old), given(later)], [[], ['large']]);
      }
    }
    assert.equal(old.directory.find('canary', 'new')?.stateVersion, 3, 'begun, taken back, begun by the later file');
    assert.deepEqual(house.kindsTold(), ['canary_rolled_back']);
    // Whoever is asked, it is what is in force that is taken back.
    await old.steering.canary('new', 'rollback');
    await house.refresh();
    assert.deepEqual([given(old), given(later)], [[], []]);
    await later.steering.canary('new', 'restart');
    await house.refresh();
    await house.look();
    assert.deepEqual([given(old), given(later)], [[], ['large']]);
    await old.steering.canary('new', 'restart');
    await house.refresh();
    await house.look();
    assert.deepEqual([given(old), given(later)], [['small'], []]);
  });
});
