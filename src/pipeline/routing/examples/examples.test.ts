import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { noPostgres } from '../../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../../test/support/traces-database.ts';
import type { RoutePlan } from '../../../core/routing.ts';
import { MOST_EXAMPLES } from '../complexity/embedding/classifier.ts';
import type { Example } from '../complexity/embedding/example.ts';
import { ExampleDirectory } from './example-directory.ts';
import type { AnsweredRequest, KeptExample } from './example-store.ts';
import { Learner, type LearnerDeps } from './learner.ts';
import { PostgresExampleStore } from './postgres-example-store.ts';

const SMALL = { provider: 'sim', model: 'small' };
const LARGE = { provider: 'sim', model: 'large' };
const PLAN: RoutePlan = {
  by: 'complexity',
  candidates: [
    { target: SMALL, weight: 1, quality: undefined, tiers: ['simple', 'medium'] },
    { target: LARGE, weight: 1, quality: undefined, tiers: [] },
  ],
  rules: [],
  sticky: 'none',
  complexity: { kind: 'embedding', model: undefined, timeoutMs: 2000, faq: [], thresholds: {} },
  cascade: undefined,
  reference: undefined,
};

function kept(id: string, at: number, parts: Partial<Example> = {}, model = 'chat'): KeptExample {
  const vector = Float32Array.from([0.6, 0.8]);
  const example = { id, space: 's', vector, features: [1, 0.5], ...parts };
  return { model, example, source: 'admin', updatedAt: new Date(at) };
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`examples in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let store: PostgresExampleStore;
    before(async () => {
      opened = await openTracesDatabase(kind);
      store = new PostgresExampleStore(opened.database.orm);
    });
    after(() => opened.close());
    beforeEach(async () => void (await opened.database.pool.query('truncate routing_examples')));

    it('keeps what is known of both models, whichever is told first', async () => {
      await store.put([kept('a', 1000, { smallOk: 0 }), kept('a', 1000, { smallOk: 1 })]);
      await store.put([kept('a', 2000, { largeOk: 0.5 })]);
      const [found, ...more] = await store.since(new Date(0), 10);
      assert.equal(more.length, 0);
      assert.deepEqual(found?.example, kept('a', 0, { smallOk: 1, largeOk: 0.5, tier: undefined }).example);
      assert.equal(found?.updatedAt.getTime(), 2000);
    });

    /** Judges that note what they are told. */
    function directory() {
      const told: string[] = [];
      const { state } = new ExampleDirectory(store, {
        learn: (model, examples) => Promise.resolve(void told.push(...examples.map(({ id }) => `${model} ${id}`))),
        forget: (model) => void told.push(`forget ${model}`),
      });
      const refreshed = async () => {
        await state.refresh();
        return told.splice(0);
      };
      return { refreshed };
    }

    it('brings examples of one replica to the judges of another, each once, and takes those of a deleted model away', async () => {
      const { refreshed } = directory();
      await store.put([kept('a', 1000, { smallOk: 1 }), kept('b', 2000, { smallOk: 1 }, 'other')]);
      assert.deepEqual([await refreshed(), await refreshed()], [['chat a', 'other b'], []]);
      await store.put([kept('a', 3000, { smallOk: 0 })]);
      assert.deepEqual(await refreshed(), ['chat a']);
      assert.deepEqual(await store.counts(), [
        { model: 'chat', source: 'admin', count: 1 },
        { model: 'other', source: 'admin', count: 1 },
      ]);
      assert.equal(await store.delete('other'), 1);
      assert.deepEqual([await refreshed(), await refreshed()], [['forget other'], []]);
    });

    it('leaves nothing of what was deleted in force where others came in the same moment', async () => {
      const { refreshed } = directory();
      await store.put([kept('x', 1000, { smallOk: 1 }, 'other')]);
      await store.put(['a', 'b'].map((id) => kept(id, 1000, { smallOk: 1 })));
      await refreshed();
      for (const ids of [['c', 'd'], ['c'], ['e', 'f', 'g']]) {
        await store.delete('chat');
        await store.put(ids.map((id) => kept(id, 500_000, { smallOk: 0 })));
        assert.deepEqual(await refreshed(), ['forget chat', ...ids.map((id) => `chat ${id}`)]);
        assert.deepEqual(await refreshed(), []);
      }
    });

    it('learns what a replica wrote whose clock is far behind', async () => {
      const { refreshed } = directory();
      await store.put([kept('a', 500_000, { smallOk: 1 })]);
      await refreshed();
      await store.put([kept('late', 1000, { smallOk: 1 })]);
      assert.deepEqual(await refreshed(), ['forget chat', 'chat late', 'chat a']);
    });
  });
}

it('what is known of examples is as many as are kept, and one more does not bring them all again', async () => {
  const all = Array.from({ length: MOST_EXAMPLES }, (_, at) => kept(`${at}`, 1000 + at));
  const pages = [all, [kept('new', 9000)]];
  const told: string[] = [];
  const { state } = new ExampleDirectory(
    {
      since: () => Promise.resolve(pages.shift() ?? []),
      counts: () => Promise.resolve([{ model: 'chat', source: 'admin', count: MOST_EXAMPLES }]),
    },
    {
      learn: (_model, { length }) => Promise.resolve(void told.push(`${length}`)),
      forget: (model) => void told.push(`forget ${model}`),
    },
  );
  await state.refresh();
  await state.refresh();
  assert.deepEqual(told, [`${MOST_EXAMPLES}`, '1']);
});

function world(request: AnsweredRequest | undefined, parts: Partial<LearnerDeps> = {}) {
  const put = Promise.withResolvers<readonly KeptExample[]>();
  const learner = new Learner({
    store: {
      answered: () => Promise.resolve(request),
      put: (examples) => Promise.resolve(put.resolve(examples)),
    },
    desk: { ask: () => Promise.resolve({ space: 's', vector: Float32Array.from([1, 0]), near: [] }) },
    clock: new FakeClock(),
    planOf: (model) => (model === 'chat' ? PLAN : undefined),
    callOf: (_endpoint, json) => makeCall({ json }),
    failed: (err) => put.reject(err),
    ...parts,
  });
  return { learner, put: put.promise };
}
describe('Learner', () => {
  const input = { model: 'chat', messages: [{ role: 'user', content: 'Where is my parcel?' }] };
  const request = (target: string): AnsweredRequest => {
    return { virtualModel: 'chat', target, endpoint: '/v1/chat/completions', input };
  };

  for (const [target, smallOk, largeOk] of [
    ['sim/small', 0.2, undefined],
    ['sim/large', undefined, 0.2],
  ] as const) {
    it(`learns from what is said of an answer of ${target}`, async () => {
      const { learner, put } = world(request(target));
      learner.heard({ traceId: 't', score: 0.2 });
      const [example] = await put;
      assert.deepEqual([example?.example.smallOk, example?.example.largeOk], [smallOk, largeOk]);
      assert.deepEqual([example?.model, example?.source], ['chat', 'feedback']);
    });
  }

  it('goes on after one that failed, and learns nothing of other models and of what was not kept', async () => {
    const requests = [
      { ...request('sim/small'), virtualModel: 'fixed' },
      { ...request('sim/small'), input: null },
      request('sim/third'),
      undefined,
    ];
    const failures: unknown[] = [];
    const done = Promise.withResolvers<readonly KeptExample[]>();
    const { learner } = world(undefined, {
      store: {
        answered(traceId) {
          if (traceId === 'fails') return Promise.reject(new Error('away'));
          return Promise.resolve(traceId === 'last' ? request('sim/small') : requests.shift());
        },
        put: (examples) => Promise.resolve(done.resolve(examples)),
      },
      failed: (err) => failures.push(err),
    });
    for (const traceId of ['a', 'b', 'c', 'd', 'fails', 'last']) learner.heard({ traceId, score: 1 });
    assert.equal((await done.promise).length, 1);
    assert.equal(failures.length, 1);
  });
});
