import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { noPostgres } from '../../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../../test/support/traces-database.ts';
import { DAY_MS } from '../../../core/units.ts';
import { PostgresReviewStore } from './postgres-review-store.ts';
import type { NewReview, ReviewDecision } from './review-store.ts';

const LEASE_MS = 60_000;
const id = (at: number): string => `rev_${String(at).padStart(24, '0')}`;
const ids = (found: readonly { readonly id: string }[]) => found.map((one) => one.id);

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`reviews in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let clock: FakeClock;
    let store: PostgresReviewStore;
    before(async () => (opened = await openTracesDatabase(kind)));
    after(() => opened.close());
    beforeEach(async () => {
      await opened.database.pool.query('truncate guard_reviews');
      clock = new FakeClock();
      store = new PostgresReviewStore(opened.database.orm, clock);
    });

    const review = (own: Partial<NewReview> = {}): NewReview => ({
      id: id(1),
      kind: 'request',
      runsHere: false,
      createdAt: new Date(clock.now()),
      expiresAt: new Date(clock.now() + DAY_MS),
      keepMs: 30 * DAY_MS,
      project: 'p',
      keyId: 'key_1',
      userId: 'half \uD800',
      traceId: 't',
      dialect: 'openai',
      operation: 'chat',
      endpoint: '/v1/chat/completions',
      model: 'chat',
      policy: 'strict',
      reasons: [{ guard: 'pii', place: 'input', found: { phone: 2 } }],
      digest: 'd',
      request: 'box',
      held: null,
      ...own,
    });
    const decision = (own: Partial<ReviewDecision> = {}): ReviewDecision => ({
      state: 'approved',
      by: 'ada',
      note: null,
      message: null,
      expiresAt: new Date(clock.now() + DAY_MS),
      deleteAt: new Date(clock.now() + 30 * DAY_MS),
      ...own,
    });

    test('one comes back as it was added, and waits until it expires, though nothing is written then', async () => {
      await store.add(review());
      const found = await store.find(id(1));
      assert.deepEqual(
        [found?.state, found?.userId, found?.reasons, found?.isEdited, found?.request],
        ['waiting', 'half \uFFFD', [{ guard: 'pii', place: 'input', found: { phone: 2 } }], false, 'box'],
      );
      clock.advance(DAY_MS - 1);
      assert.deepEqual(await store.countWaiting('p', 'key_1'), { ofProject: 1, ofKey: 1 });
      assert.deepEqual(await store.countWaiting('p', 'key_2'), { ofProject: 1, ofKey: 0 });
      clock.advance(1);
      assert.equal((await store.find(id(1)))?.state, 'expired');
      assert.deepEqual(await store.countWaiting('p', 'key_1'), { ofProject: 0, ofKey: 0 });
      assert.equal(await store.decide(id(1), decision()), false);
      assert.deepEqual(ids(await store.list({ state: 'expired' }, 9)), [id(1)]);
      assert.equal(await store.find('none \0'), undefined);
    });

    test('lists are by state and project, newest first, in pages; they have no sealed texts', async () => {
      for (const at of [1, 2, 3, 4]) {
        await store.add(
          review({ id: id(at), project: at === 4 ? 'q' : 'p', createdAt: new Date(clock.now() + (at > 2 ? 1 : 0)) }),
        );
      }
      await store.decide(id(2), decision({ state: 'rejected' }));
      const [first, second] = await store.list({ project: 'p' }, 2);
      assert.deepEqual(ids([first, second].filter((one) => one !== undefined)), [id(3), id(2)]);
      assert.ok(first && second && !('request' in first));
      assert.deepEqual(ids(await store.list({ project: 'p' }, 9, { at: second.createdAt, id: second.id })), [id(1)]);
      assert.deepEqual(ids(await store.list({ state: 'waiting', project: 'p' }, 9)), [id(3), id(1)]);
      assert.deepEqual(ids(await store.list({ state: 'rejected' }, 9)), [id(2)]);
      assert.deepEqual(
        (await store.waiting(9)).map(({ project, waiting }) => [project, waiting]),
        [
          ['p', 2],
          ['q', 1],
        ],
      );
      assert.equal((await store.waiting(1)).length, 1);
    });

    test('the same request of the same client is found while it waits, and no other', async () => {
      await store.add(review());
      const { project, keyId, digest, kind: what, policy, runsHere } = review();
      const same = { project, keyId, digest, kind: what, policy, runsHere };
      assert.equal((await store.waitingLike(same))?.id, id(1));
      const others = [
        { project: 'q' },
        { keyId: 'key_2' },
        { digest: 'e' },
        { kind: 'answer' as const },
        { policy: 'x' },
        { runsHere: true },
      ];
      for (const other of others) assert.equal(await store.waitingLike({ ...same, ...other }), undefined);
      await store.decide(id(1), decision());
      assert.equal(await store.waitingLike(same), undefined);
    });

    test('of many that decide at once one does, and of many that use the approval one does', async () => {
      await store.add(review());
      const decided = await Promise.all(
        ['approved', 'rejected', 'approved', 'rejected'].map((state) =>
          store.decide(id(1), decision(state === 'approved' ? {} : { state: 'rejected' })),
        ),
      );
      assert.equal(decided.filter(Boolean).length, 1);
      await store.add(review({ id: id(2) }));
      await store.decide(id(2), decision());
      const used = await Promise.all(['a', 'b', 'c'].map((call) => store.use(id(2), call)));
      assert.equal(used.filter(Boolean).length, 1);
      const winner = (await store.find(id(2)))?.usedBy ?? '';
      assert.equal(await store.giveBack(id(2), 'z'), false);
      assert.equal(await store.giveBack(id(2), winner), true);
      assert.equal(await store.use(id(2), 'd'), true);
    });

    test('whatever is said at once, it is decided once, and nobody has an approval that another has', async () => {
      const words = fc.oneof(
        fc.record({ say: fc.constantFrom('approved' as const, 'rejected' as const) }),
        fc.record({ use: fc.constantFrom('a', 'b', 'c') }),
        fc.record({ giveBack: fc.constantFrom('a', 'b', 'c') }),
      );
      let at = 10;
      const law = fc.asyncProperty(
        fc.array(fc.array(words, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
        async (rounds) => {
          const mine = id((at += 1));
          await store.add(review({ id: mine }));
          let [decisions, uses, returns] = [0, 0, 0];
          for (const round of rounds) {
            await Promise.all(
              round.map(async (word) => {
                if ('say' in word) {
                  const isDecided = await store.decide(mine, decision({ state: word.say }));
                  decisions += Number(isDecided);
                } else if ('use' in word) {
                  const isUsed = await store.use(mine, word.use);
                  uses += Number(isUsed);
                } else {
                  const isBack = await store.giveBack(mine, word.giveBack);
                  returns += Number(isBack);
                }
              }),
            );
            const found = await store.find(mine);
            assert.ok(decisions <= 1 && uses - returns === Number(found?.state === 'used'));
            assert.ok(decisions === 1 || found?.state === 'waiting');
          }
        },
      );
      await fc.assert(law, { numRuns: 25 });
    });

    test('an approval that is over, and one that is run here, cannot be used', async () => {
      await store.add(review());
      await store.decide(id(1), decision());
      clock.advance(DAY_MS);
      assert.equal(await store.use(id(1), 'a'), false);
      await store.add(review({ id: id(2) }));
      await store.decide(id(2), decision({ edited: 'box' }));
      assert.equal(await store.use(id(2), 'a'), false);
      const edited = await store.find(id(2));
      assert.deepEqual([edited?.isEdited, edited?.runsHere], [true, true]);
    });

    test('one runner has a run, until its lease is over', async () => {
      await store.add(review({ runsHere: true }));
      assert.equal(await store.takeRun('a', LEASE_MS), undefined, 'it waits');
      await store.decide(id(1), decision());
      assert.equal(await store.takeRun('a', LEASE_MS, ['q', 'p']), undefined, 'its project has had enough');
      const taken = await Promise.all(['a', 'b', 'c'].map((runner) => store.takeRun(runner, LEASE_MS)));
      assert.equal(taken.filter(Boolean).length, 1);
      const mine = ['a', 'b', 'c'].find((_, at) => taken[at]) ?? '';
      clock.advance(LEASE_MS - 1);
      assert.equal(await store.keepRun(id(1), mine, LEASE_MS), true);
      clock.advance(LEASE_MS - 1);
      assert.equal(await store.takeRun('late', LEASE_MS), undefined);
      clock.advance(1);
      assert.equal((await store.takeRun('late', LEASE_MS))?.id, id(1));
      const outcome = { state: 'done', result: 'box', message: null, deleteAt: new Date(clock.now()) } as const;
      assert.equal(await store.keepRun(id(1), mine, LEASE_MS), false);
      assert.equal(await store.finishRun(id(1), mine, outcome), false);
      assert.equal(await store.finishRun(id(1), 'late', outcome), true);
      assert.deepEqual([(await store.find(id(1)))?.state, await store.takeRun('a', LEASE_MS)], ['done', undefined]);
    });

    test('a run that is left is taken at once; one that is lost again and again is given up', async () => {
      await store.add(review({ runsHere: true }));
      await store.decide(id(1), decision());
      for (let times = 0; times < 5; times += 1) {
        assert.ok(await store.takeRun('a', LEASE_MS));
        assert.equal(await store.leaveRun(id(1), 'a'), true);
      }
      for (let times = 0; times < 3; times += 1) {
        assert.equal(await store.failLostRuns('lost'), 0);
        assert.ok(await store.takeRun('a', LEASE_MS));
        clock.advance(LEASE_MS);
      }
      assert.equal(await store.takeRun('a', LEASE_MS), undefined);
      assert.equal(await store.failLostRuns('lost'), 1);
      const found = await store.find(id(1));
      assert.deepEqual([found?.state, found?.message], ['failed', 'lost']);
    });

    test('what is over is deleted when it was kept long enough, and so is what nobody decided about', async () => {
      for (const at of [1, 2, 3]) await store.add(review({ id: id(at) }));
      await store.decide(id(1), decision());
      clock.advance(30 * DAY_MS);
      assert.equal(await store.deleteOld(9), 1);
      clock.advance(DAY_MS - 1);
      assert.equal(await store.deleteOld(9), 0);
      clock.advance(1);
      assert.deepEqual([await store.deleteOld(1), await store.deleteOld(9)], [1, 1]);
    });
  });
}
