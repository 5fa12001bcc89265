import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { PLAIN, RolloutHouse, callOf, userAt, verdictsOf } from '../../../test/support/rollout-house.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { Cancellation } from '../../core/cancellation.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import { requestsOf } from './statistics/moments.ts';
import { PostgresTallyStore } from './tallies/tally-store.ts';

const CANARY = { model: 'chat', set: { target: 'sim/small' }, steps: [50], each: { requests: 200, time: '1m' } };

let opened: TracesDatabase;
let house: RolloutHouse;
before(async () => (opened = await openTracesDatabase('embedded')));
after(() => opened.close());
beforeEach(async () => {
  await opened.database.pool.query('truncate rollouts, rollout_tallies');
  house = new RolloutHouse(opened.database.orm);
});

describe('an experiment', () => {
  const arms = { control: {}, small: { weight: 1, set: { target: 'sim/small' } } };

  test('tells once when it is clear, and again when it is another verdict', async () => {
    const one = await house.open();
    await house.open();
    const all = house.replicas;
    await one.desk.put('experiment', 'e', { model: 'chat', by: 'request', goal: 'latency', arms });
    await house.refresh();
    await house.look();
    assert.equal(all.flatMap(({ told }) => told).length, 0);
    for (let at = 0; at < 800; at += 1) {
      const replica = all[at % 2];
      const call = callOf(userAt(at), `${at}`.padStart(32, '0'));
      const isSmall = replica?.rollouts.assign(call, PLAIN).arm === 'experiment:e/small';
      replica?.end(userAt(at), { latencyMs: (isSmall ? 200 : 400) + (at % 10) * 20 }, { id: call.id });
    }
    await house.look();
    await house.look();
    const told = all.flatMap((replica) => replica.told);
    assert.deepEqual(
      told.map(({ kind, subject }) => [kind, subject]),
      [['experiment_verdict', 'experiment:e']],
    );
    assert.match(JSON.stringify(told[0]?.evidence['text']), /^"small takes .* less time/);
    assert.deepEqual(
      verdictsOf(one).map(({ state, arm }) => [state, arm]),
      [['better', 'small']],
    );
    await one.steering.restartExperiment('e');
    await house.look();
    assert.deepEqual(verdictsOf(one), []);
  });

  test('whose arms get what was not planned says so, and nothing else', async () => {
    const one = await house.open();
    await one.desk.put('experiment', 'e', { model: 'chat', goal: 'cost', arms });
    await house.look();
    // Half of the requests of one arm are lost on the way to here.
    for (let at = 0; at < 3000; at += 1) {
      const { arm } = one.rollouts.assign(callOf(userAt(at)), PLAIN);
      if (arm === 'experiment:e/control' || at % 2 === 0) one.end(userAt(at));
    }
    await house.look();
    assert.deepEqual(
      one.told.map(({ kind }) => kind),
      ['sample_ratio_mismatch'],
    );
  });
});

describe('what counts', () => {
  const EVERYBODY = { ...CANARY, steps: [99.9] };

  test('is what the arm did: no hits, no faults of clients, no refusals; refusals of its target count', async () => {
    const one = await house.open();
    await one.desk.put('canary', 'new', EVERYBODY);
    const failed = (code: string, origin: string) =>
      one.end('ada', { status: 'failed', error: { code, message: '', origin } as NonNullable<CallRecord['error']> });
    one.end('ada', { ttftMs: 100, streamed: true });
    one.end('ada', { costKnown: false });
    for (const cache of ['exact', 'semantic', 'coalesced'] as const) one.end('ada', { cache });
    one.end('ada', { operation: 'token-count' });
    failed('request_invalid', 'client');
    failed('budget_exhausted', 'policy');
    failed('provider_overloaded', 'provider');
    failed('context_length_exceeded', 'client');
    one.end('ada', { status: 'aborted' });
    const late = new Cancellation();
    late.cancel('deadline');
    one.end('ada', { status: 'aborted' }, { cancellation: late });
    await one.look();
    house.clock.advance(2000);
    await one.look();
    const { sums, drawn } = (await house.sums(one)).of('candidate');
    assert.deepEqual([requestsOf(sums), sums.errors.sum, drawn], [5, 3, 1]);
    assert.deepEqual([sums.cost.n, sums.latency.n, sums.ttft.n], [4, 2, 1]);
  });

  test('feedback counts for the run and the step of its request, and a user once for all replicas', async () => {
    const [one, other] = [await house.open(), await house.open()];
    const all = house.replicas;
    await one.desk.put('canary', 'new', { ...CANARY, steps: [50, 60] });
    await house.refresh();
    await house.look();
    for (const replica of all) for (let at = 0; at < 40; at += 1) replica.end(userAt(at));
    const rollouts = one.rollouts.assign(callOf('ada'), PLAIN).rollouts ?? [];
    const arm = rollouts[0]?.arm ?? '';
    await one.steering.canary('new', 'advance');
    await house.refresh();
    const owner = { project: 'p', keyId: 'key_1', userId: 'ada', conversationId: null, rollouts };
    other.feedback({ traceId: 'a'.repeat(32), owner, score: 0.25 });
    other.feedback({
      traceId: 'b'.repeat(32),
      owner: { ...owner, rollouts: [{ ...rollouts[0], run: 'gone' }] as typeof rollouts },
      score: 1,
    });
    await Promise.all(all.map((replica) => replica.look()));
    const { all: sums, of } = await house.sums(one);
    assert.deepEqual(sums.get(0)?.get(arm)?.sums.feedback.sum, 0.25);
    const drawn = ['stable', 'candidate'].map((name) => of(name).drawn);
    assert.equal((drawn[0] ?? 0) + (drawn[1] ?? 0), 40);
    assert.equal(requestsOf(of('stable').sums) + requestsOf(of('candidate').sums), 80);
  });

  test('is written down again and again while it changes, and at the end', async () => {
    const one = await house.open();
    await one.desk.put('canary', 'new', EVERYBODY);
    one.end('ada');
    house.clock.advance(2000);
    await one.close();
    assert.equal(requestsOf((await house.sums(one)).of('candidate').sums), 1);
  });

  test('is gone when what is tried is deleted, also what was not written down yet', async () => {
    const [one, other] = [await house.open(), await house.open()];
    const names = async (): Promise<string[]> => {
      const found = await opened.database.pool.query<{ run: string }>('select distinct run from rollout_tallies');
      return found.rows.map(({ run }) => run);
    };
    await one.desk.put('canary', 'new', CANARY);
    await house.refresh();
    for (const replica of house.replicas) replica.end('ada');
    house.clock.advance(1);
    await one.desk.remove('canary', 'new');
    await one.desk.put('canary', 'new', CANARY);
    await one.look();
    assert.deepEqual(await names(), [], 'one replica knows');
    // Another has not heard of it, and writes; nobody reads that, and it goes with the next sweep.
    await other.look();
    assert.equal((await names()).length, 1);
    const { all } = await house.sums(one);
    assert.equal(all.size, 0);
    await one.desk.remove('canary', 'new');
    await new PostgresTallyStore(opened.database.orm, house.clock).deleteOld(0, [], 10);
    assert.deepEqual(await names(), []);
  });

  test('of replicas that are silent is added up; one that comes back goes on with what came since', async () => {
    const [one, other] = [await house.open(), await house.open()];
    const store = new PostgresTallyStore(opened.database.orm, house.clock);
    await one.desk.put('canary', 'new', EVERYBODY);
    await house.refresh();
    for (const replica of house.replicas) for (let at = 0; at < 5; at += 1) replica.end(userAt(at));
    other.end('eve');
    await house.look();
    const counted = async () => {
      const { all, of } = await house.sums(one);
      const { sums, drawn } = of('candidate');
      return [all.size, requestsOf(sums), requestsOf(of('stable').sums), drawn + of('stable').drawn];
    };
    const atFirst = await counted();
    const replicas = async (): Promise<string[]> => {
      const rows = await opened.database.pool.query<{ replica: string }>(
        'select distinct replica from rollout_tallies order by 1',
      );
      return rows.rows.map(({ replica }) => replica);
    };
    await opened.database.pool.query("update rollout_tallies set updated_at = updated_at - interval '1 day'");
    const folded = await Promise.all([1, 2].map(() => store.fold(house.clock.now() - 3_600_000, 100)));
    assert.equal(Math.max(...folded), 4);
    assert.equal(Math.min(...folded), 0, 'two at once add nothing twice');
    assert.deepEqual(await replicas(), ['folded']);
    assert.deepEqual(await counted(), atFirst);
    // It was only cut off: nothing counts twice, and what came meanwhile counts.
    other.end('eve');
    await other.look();
    await other.look();
    assert.deepEqual(await replicas(), ['folded', 'r1']);
    const atLast = await counted();
    assert.equal(Number(atLast[1]) + Number(atLast[2]), Number(atFirst[1]) + Number(atFirst[2]) + 1);
  });
});
